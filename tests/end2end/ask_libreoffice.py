"""Asks a running LibreOffice what it thinks of a file's signatures.  For the system's Python, which has `uno`.

    /usr/bin/python3 ask_libreoffice.py PIPE FILE...

Prints one JSON object a line: file, signatures (a list of valid, trusted, signer), or an error.  The last line comes
after LibreOffice has been asked to leave.
"""

import json
import os
import sys
import time

import uno
from com.sun.star.connection import NoConnectException


def connect(pipe, patience=60.0):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
    until = time.monotonic() + patience
    while True:
        try:
            return resolver.resolve(address)
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def property_value(name, value):
    found = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    found.Name, found.Value = name, value
    return found


def signatures(context, path):
    """What LibreOffice's own check says of each signature; opens the zip only, never the document."""
    manager = context.ServiceManager
    factory = manager.createInstanceWithContext("com.sun.star.embed.StorageFactory", context)
    as_zip = uno.Any("[]com.sun.star.beans.PropertyValue", (property_value("StorageFormat", "ZipFormat"),))
    read_only = 1
    arguments = (uno.systemPathToFileUrl(path), read_only, as_zip)
    storage = uno.invoke(factory, "createInstanceWithArguments", (arguments,))
    checker = manager.createInstanceWithArgumentsAndContext(
        "com.sun.star.security.DocumentDigitalSignatures", ("1.2",), context
    )
    return [
        {
            "valid": found.SignatureIsValid,
            "trusted": found.CertificateStatus == 0,
            "signer": found.Signer.SubjectName if found.Signer else "",
        }
        for found in checker.verifyDocumentContentSignatures(storage, None)
    ]


def main():
    context = connect(sys.argv[1])
    for path in sys.argv[2:]:
        try:
            answer = {"file": path, "signatures": signatures(context, os.path.abspath(path))}
        except Exception as error:
            answer = {"file": path, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
    try:
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        desktop.terminate()
    except Exception:
        pass  # It drops the connection while it leaves.
    sys.stdout.flush()
    os._exit(0)  # The bridge's threads would wait for the office that has gone.


main()
