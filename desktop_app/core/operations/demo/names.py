"""Invented names: units, villages, officials.  Any likeness to real places or people is chance."""

from __future__ import annotations

from desktop_app.core.model.unit import Unit

CITY_CODE, CITY_NAME = "990100", "云川市"
COUNTIES = (
    "云溪县", "南屏县", "东岭县", "河洲县", "安澜县", "北麓区", "望湖区", "锦川区", "高新园", "临港园",
)  # fmt: skip
TOWNS = (
    "枫桥镇", "石门镇", "双塔镇", "柳河镇", "白鹭镇", "古渡镇", "大陂乡", "桃溪镇", "清水镇", "竹园乡",
    "南坪镇", "长岭乡", "梅山乡", "红枫乡", "青泥乡", "城关街道",
)  # fmt: skip
FIRST, SECOND = "松梅兰荷桂枫柏杉榆槐", "溪岭湾坪塘桥店庄湖山"
BUREAUS = ("住建局", "民政局")
PEOPLE = (
    "周桂兰", "赵建国", "孙明远", "李敏", "王秀珍", "陈志强", "刘海燕", "杨文斌", "黄丽华", "吴国庆",
    "徐春梅", "朱立新", "马晓东", "胡玉芳", "郭永平", "何静",
)  # fmt: skip
VILLAGES = ("张家湾", "柳树村", "桥头村", "上坝村", "石桥村", "新塘村", "河东村", "竹林村", "李庄", "望江村")
RESIDENTS = ("钱××", "冯××", "沈××", "韩××", "秦××", "许××")


def county_name(number: int) -> str:
    return (
        COUNTIES[number] if number < len(COUNTIES) else f"{FIRST[number // 10 % 10]}{SECOND[number % 10]}县"
    )


def town_name(county: int, number: int) -> str:
    """The first county has the names of the manual's pictures; further towns are put together."""
    if county == 0 and number < len(TOWNS):
        return TOWNS[number]
    index = county * 7 + number
    first, second = FIRST[index % 10], SECOND[(index // 10 + index + county) % 10]
    return f"{first}{second}{('镇', '乡', '街道')[index % 3]}"


def organisation(counties: int, towns: int) -> list[Unit]:
    """The city, its counties, and in each two bureaus and the towns."""
    units = [Unit(code=CITY_CODE, name=CITY_NAME, level="city", phone="0990-3000001")]
    for county in range(counties):
        code = f"99{county + 101:04d}" if county < 99 else f"98{county:04d}"
        name = county_name(county)
        units.append(
            Unit(
                code=code,
                name=name,
                level="county",
                kind="park" if name.endswith("园") else "government",
                parent=CITY_CODE,
                phone=f"0990-31{county:02d}001",
            )
        )
        for number, bureau in enumerate(BUREAUS, start=1):
            units.append(
                Unit(
                    code=f"{code}{number:03d}",
                    name=("区" if name.endswith("区") else "园" if name.endswith("园") else "县") + bureau
                    if counties == 1
                    else name[:-1] + bureau,
                    level="county",
                    kind="department",
                    parent=code,
                    phone=f"0990-31{county:02d}{number:02d}9",
                )
            )
        used: set[str] = set()
        for town in range(towns):
            chosen = town_name(county, town)
            while chosen in used:
                chosen = chosen[:-1] + str(town + 1) + chosen[-1]
            used.add(chosen)
            units.append(
                Unit(
                    code=f"{code}{town + 101:03d}",
                    name=chosen,
                    level="township",
                    kind="street" if chosen.endswith("街道") else "government",
                    parent=code,
                    phone=f"0990-31{county:02d}{town + 101:03d}",
                )
            )
    return units
