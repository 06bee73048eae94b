#!/bin/sh
# Compiles SQLite and CPython from Debian's sources inside a folder with an old Debian; debian.py starts it there.
#
#   python.sh SOURCES PREFIX     SOURCES holds the .dsc and what belongs to it of sqlite3 and python3
#
# The Debian is chosen for its age, not for its SQLite, hence that one too.
set -eu
sources=$1 prefix=$2
here=$(cd "$(dirname "$0")" && pwd)
# Always the same place: CPython notes where it was compiled.
work=/tmp/taizhang-python
rm -rf "$work"
mkdir "$work"
trap 'rm -rf "$work"' EXIT

# This Debian's glibc is 2.31, UOS 20 has 2.28.  What is newer than that is either asked for by its old name
# (old-glibc.h) or answered with "no" when configure asks; both are then taken from elsewhere by CPython itself.
flags="-O2 -g0 -include $here/old-glibc.h -ffile-prefix-map=$work=."
export ac_cv_func_sem_clockwait=no

cd "$work"
for name in sqlite3 python3; do
    for description in "$sources"/"$name"*.dsc; do
        dpkg-source --no-check -x "$description" "$name"
    done
done

# As Debian has it, less what only other programs ask for.
cd "$work/sqlite3"
./configure --prefix="$prefix" --disable-tcl --disable-static --disable-readline --enable-fts4 --enable-fts5 \
    --enable-rtree CFLAGS="$flags -DSQLITE_SECURE_DELETE -DSQLITE_ENABLE_COLUMN_METADATA \
    -DSQLITE_ENABLE_UNLOCK_NOTIFY -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_FTS3_TOKENIZER=1 \
    -DSQLITE_ENABLE_UPDATE_DELETE_LIMIT=1 -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_USE_URI=1 \
    -DSQLITE_MAX_SCHEMA_RETRY=25 -DSQLITE_ENABLE_STMTVTAB -DSQLITE_MAX_VARIABLE_NUMBER=250000"
make -j"$(nproc)"
make install

# Without extensions for SQLite: nothing of ours loads any, so nobody else can make it.
cd "$work/python3"
# One of Debian's corrections has this module include an internal header, which only Debian's own way of building allows.
sed -i '1i #define Py_BUILD_CORE_MODULE 1' Modules/pyexpat.c
./configure --prefix="$prefix" --enable-shared --without-ensurepip --disable-test-modules --with-system-expat \
    --with-computed-gotos CFLAGS="$flags" CPPFLAGS="-I$prefix/include" \
    LDFLAGS="-L$prefix/lib -Wl,-rpath,$prefix/lib"
make -j"$(nproc)"
make install

# A module that could not be built does not stop make.
"$prefix/bin/python3" - <<'TRY'
import bz2, ctypes, decimal, hashlib, lzma, mmap, pyexpat, sqlite3, ssl, sys, uuid, xml.etree.ElementTree, zlib
sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(x)")
print("python", sys.version.split()[0], "sqlite", sqlite3.sqlite_version, "openssl", ssl.OPENSSL_VERSION.split()[1])
TRY
