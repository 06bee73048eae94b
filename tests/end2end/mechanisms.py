"""What every management mechanism looks like in use: command lines on the sample city's desks, and what they answer.

By the row's place in `docs/mechanisms.md`.  C is the city's desk, K the county's, T a township's.  `{last}` stands for
the number that the step before answered with, `{out}` for a folder, `{made}` for what was written last, `{bases}`,
`{base}` and `{base2}` for tables.
"""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    desk: str
    words: str
    says: str = ""
    """What has to stand in the answer; of a refusal (`fails`) in its words."""
    fails: bool = False


def kept(desk: str, register: str, cells: str, says: str, more: str = "") -> list[Step]:
    """A row of a register, then the register read back."""
    cells = " ".join(f"--set {cell}" for cell in cells.split())
    return [
        Step(desk, f"register add {register} {cells} {more}".strip()),
        Step(desk, f"register show {register}", says),
    ]


LIVE: dict[str, list[Step]] = {
    # A. Plan-wide and scheduling
    "A1": [
        Step("C", "plan show", "1.1  新增就业人数  ~ 27000 人"),
        Step("C", "report year --period 2024-12 --out {out}/a1.xlsx", "a1.docx"),
    ],
    "A2": kept(
        "K",
        "dispatches",
        "date=2024-05-20 progress=三栋进场 issue=材料慢 action=催货 owner=建设科",
        "三栋进场",
        "--task 38 --due 2024-06-01",
    ),
    "A3": [
        Step("C", "missing --period 2024-05"),
        Step("C", "clues --period 2024-05 --kind still", "没有变化：本期报了数，和上一期一样"),
    ],
    "A4": [Step("C", "milestone list", "2024-08-31"), Step("C", "tasks --period 2024-05", "应达")],
    "A5": [
        Step("C", "report board --period 2024-05 --out {out}/a5.pdf", "a5.pdf"),
        Step("C", "report board --period 2024-05 --as-of 2024-05-31 --out {out}/a5.png", "a5.png"),
    ],
    "A6": [
        Step("T", "problem add 12 三户联系不上 --due 2024-06-20"),
        Step("T", "problem assign {last} 990101"),
        Step("T", "problem escalate {last}", "已提请"),
        Step("T", "problem list", "三户联系不上"),
    ],
    "A7": [
        Step("C", "report result 12 --period 2024-05 --out {out}/a7.docx", "a7.docx"),
        *kept(
            "C", "publications", "title=无障碍成果 where=市政府网站 date=2024-06-10 kind=成果", "无障碍成果"
        ),
    ],
    "A8": [
        Step("C", "allocate reporter 43.1 990100 990100 --reviewer 990101", "已定"),
        Step("C", "plan show", "市教育体育局、市卫生健康委"),
    ],
    "A9": [Step("C", "tasks --period 2024-05", "34%")],
    "A10": kept(
        "T",
        "stage_checks",
        "stage=实施 date=2024-05-12 inspector=县交通局 finding=路基压实不够",
        "路基压实不够",
    ),
    "A11": [
        Step("K", "milestone done 12.m1 --date 2024-06-03"),
        Step("K", "milestone list", "2024-06-03"),
    ],
    # B. Reports, ranking, circulars
    "B1": [
        Step("K", "report form --period 2024-05 --out {out}/b1.pdf", "校验码"),
        Step("C", "missing --period 2024-05"),
    ],
    "B2": [Step("C", "report ranking --period 2024-Q2 --out {out}/b2.xlsx", "b2.xlsx")],
    "B3": [
        *kept("C", "meetings", "title=六月调度会 date=2024-06-12 period=2024-05", "六月调度会"),
        Step("C", "register add actions --set what=补齐照片 --to 990101 --due 2024-06-20 --about {last}"),
        Step("C", "register show actions", "补齐照片"),
        Step("C", "report meeting 六月调度会 --period 2024-05 --out {out}/b3.docx", "b3.docx"),
    ],
    "B4": [Step("C", "report bulletin --period 2024-05 --out {out}/b4.docx", "b4-附件.xlsx")],
    "B5": [
        Step("C", "cutoff make 五月"),
        Step("C", "report bulletin --cutoff 五月 --out {out}/b5.docx", "b5.docx"),
    ],
    "B6": [Step("C", "report bulletin --period 2024-Q2 --out {out}/b6.docx", "b6.docx")],
    "B7": [
        Step("C", "clues --period 2024-05 --kind floor", "低于下限：比率类指标"),
        *kept(
            "C",
            "circulars",
            "date=2024-06-02 indicator=19.1 county=990101 value=98.4 floor=99",
            "98.4",
            "--task 19",
        ),
    ],
    "B8": [
        *kept("T", "children", "code=E-90 kind=分散养育 entry=2024-01-01", "E-90", "--task 20"),
        Step("T", "register missed children --month 2024-05", "E-90"),
        Step("T", "register add visits --set date=2024-05-09 --set visitor=周玉兰 --about {last}"),
    ],
    "B9": [
        *kept("T", "allowances", "code=B-90 kind=护理补贴 entry=2024-01-01", "B-90", "--task 15"),
        Step("T", "register missed allowances --month 2024-05", "B-90"),
    ],
    "B10": kept("C", "sampling", "quarter=第二季度 item=豆制品 votes=320 batches=40", "豆制品", "--task 49"),
    "B11": [
        *kept("C", "inspections", "title=食堂专项督查 method=专项督查 date=2024-05-16", "食堂专项督查"),
        *kept("K", "findings", "place=东关小学 date=2024-05-16 method=问卷 finding=留样不全", "留样不全"),
    ],
    # C. Files, ledgers, lists
    "C1": [
        Step("T", "site add 河西09户 --quantity 13.1=1 --stage 申请=2024-04-02 --completed 2024-05-20"),
        Step("T", "site list --indicator 13.1", "河西09户"),
        Step("T", "check --period 2024-05"),
    ],
    "C2": [
        Step(
            "T",
            "site add 河西08户 --quantity 13.1=1 --stage 审核审批=2024-05-02 --stage 申请=2024-05-06",
            "早",
            fails=True,
        ),
    ],
    "C3": [
        *kept("T", "estates", "estate=河西小区 homes=96 managed=未管", "河西小区", "--task 40"),
        Step("T", "register summary estates", "户数"),
        Step("T", "register close {last}", "佐证", fails=True),
    ],
    "C4": kept("K", "workers", "code=G-9 tier=相对困难 entry=2024-02-01", "G-9", "--task 9"),
    "C5": [
        *kept("K", "baseline", "item=困难职工 count=88 date=2024-01-31 method=入户", "困难职工", "--task 9"),
        Step("K", "register freeze baseline --task 9", "已冻结 1 条"),
        Step("K", "register update {last} --set count=90", "已经冻结", fails=True),
    ],
    "C6": kept(
        "K",
        "lists",
        "title=困难学生 count=60 sent=2024-03-20",
        "困难学生",
        "--task 24 --to 990101001 --due 2024-04-01",
    ),
    "C7": [
        Step("K", "problem add 30 夜市油烟 --domain 油烟"),
        Step("K", "problem summary", "油烟"),
        Step("K", "problem list --domain 油烟", "夜市油烟"),
    ],
    "C8": [
        *kept(
            "T", "accounts", "item=三号楼 kind=办证 found=2024-04-01", "三号楼", "--task 41 --due 2024-06-30"
        ),
        Step("T", "register close {last}", "佐证", fails=True),
        Step("T", "register summary accounts", "1"),
    ],
    "C9": [
        Step("T", "problem add 30 油烟直排"),
        Step("T", "problem close {last} --answer 已装净化器"),
        Step("T", "problem recheck {last} --again --note 又停用了", "已记下"),
        Step("T", "problem list", "重新打开"),
    ],
    "C10": [
        *kept("K", "stores", "store=东关店 entry=2024-03-01", "东关店", "--task 46"),
        Step("K", "register missed stores --month 2024-05", "东关店"),
        Step("K", "register update {last} --set exit=2024-06-01 --set why=不执行平价"),
        Step("K", "register summary stores --on 2024-06-02", "在册"),
    ],
    "C11": [
        *kept("K", "list_versions", "title=风电清单 version=一稿 drafted=2024-04-10", "已编制", "--task 37"),
        Step("K", "register update {last} --set reviewed=2024-04-01 --status reviewed"),
        Step("K", "register show list_versions", "初审早于编制"),
    ],
    "C12": [
        *kept("K", "menu", "show=倒七戏 troupe=县剧团 minutes=120", "倒七戏", "--task 35"),
        Step(
            "T",
            "register add choices --task 35 --set village=河西村 --set date=2024-05-18 --set minutes=80",
        ),
        Step("T", "register show choices", "时长不到 100 分钟"),
    ],
    "C13": [
        *kept(
            "K",
            "recognition",
            "project=东苑公寓 certificate=2024-07 applied=2024-03-01",
            "东苑公寓",
            "--task 39",
        ),
        Step("K", "register add opinions --set department=规划 --set opinion=同意 --about {last}"),
        Step("K", "register show opinions", "规划"),
    ],
    "C14": [
        *kept(
            "K",
            "followups",
            "code=F-3 screened=2024-05-10 positive=阳性 diagnosed=2024-05-01",
            "诊断早于筛查",
            "--task 28 --due 2024-06-30",
        ),
        Step("K", "register close {last} --set result=已转诊", "已办结"),
    ],
    "C15": [
        Step("K", "register add workers --set code=G-8 --set tier=深度困难 --set entry=2024-02-01 --task 9"),
        Step("K", "register add aid --set kind=助学 --set date=2024-05-01 --set amount=3000 --about {last}"),
        Step("K", "register show aid", "3,000"),
    ],
    # D. Acceptance, appraisal, accountability
    "D1": [
        Step("T", "register show acceptance", "合格"),
        Step("T", "site list --indicator 29.1"),
    ],
    "D2": [Step("C", "report appraisal --period 2024-05 --out {out}/d2.xlsx", "d2.xlsx")],
    "D3": [
        Step("C", "archive make {out}/d3 --period 2024-05"),
        Step("C", "archive verify {made}", "没有改动"),
    ],
    "D4": [
        *kept(
            "C", "appraisal_indicators", "name=开工率 formula=开工数÷任务数 weight=20", "开工率", "--task 38"
        ),
        Step("C", "register update {last} --set weight=25 --reason 征求意见后调整"),
        Step("C", "log {last}", "25"),
    ],
    "D5": kept("C", "appraisal", "county=990101 item=低保绩效 result=良好 score=92", "低保绩效", "--task 4"),
    "D6": [
        *kept(
            "C", "orders", "title=进度慢 ask=说明原因", "〔2024〕", "--task 38 --to 990101 --due 2024-06-20"
        ),
        Step("C", "report order {last} --out {out}/d6.docx", "d6.docx"),
    ],
    "D7": [Step("C", "report bulletin --period 2024-05 --out {out}/d7.docx", "d7.docx")],
    "D8": [
        Step("T", "problem add 4 专款没到"),
        Step("T", "log {last}", "专款没到"),
    ],
    "D9": kept("K", "candidates", "who=城东驿站 criterion=服务人次全县第一", "城东驿站", "--task 45"),
    "D10": kept(
        "K", "grades", "place=城东菜市 scheme=星级菜市 grade=三星 date=2024-05-06", "三星", "--task 44"
    ),
    "D11": kept(
        "K",
        "trainings",
        "course=筛查骨干班 date=2024-05-08 people=40 passed=41",
        "合格人数多于培训人数",
        "--task 27",
    ),
    # E. Money
    "E1": [Step("C", "fund summary --period 2024-05", "23")],
    "E2": [
        *kept(
            "C", "split", "county=990101 rule=市与区分担 document=市财〔2024〕1号", "市与区分担", "--task 4"
        ),
        Step("C", "fund summary --period 2024-05 --task 4", "市 5 : 区 5"),
    ],
    "E3": [Step("C", "fund summary --period 2024-05 --task 15", "分担比例未定")],
    "E4": [
        Step("K", "fund record 13 --level province --arrived 100000 --date 2024-05-10"),
        Step("K", "fund list --task 13", "100,000"),
        Step("K", "fund summary --period 2024-05 --task 13", "缺口"),
    ],
    "E5": kept(
        "T",
        "societies",
        "society=河西互助社 county=10000 village=10000 donated=8000",
        "社会捐赠不到 10000 元",
        "--task 18",
    ),
    "E6": kept(
        "K",
        "institutions",
        "institution=东关敬老院 class=二类 residents=60 standard=5800",
        "低于 6000 元",
        "--task 5",
    ),
    "E7": kept(
        "K",
        "subsidies",
        "project=西关菜市 programme=菜市奖补 investment=2000000 amount=310000 paid=2024-05-01",
        "还没有验收或认定就支付了",
        "--task 44",
    ),
    "E8": [
        Step("K", "register add grants --set code=S-1 --set programme=省级资助 --set level=专科 --task 24"),
        Step(
            "K",
            "register add grants --set code=S-1 --set programme=市级资助 --set level=专科 --task 24",
            "已经有一条",
            fails=True,
        ),
    ],
    "E9": kept("K", "budget", "item=低保 level=县级 amount=1200000 date=2024-02-01", "1,200,000", "--task 4"),
    "E10": [
        *kept(
            "K", "payments", "month=2024-04 people=12 amount=1032", "2024-04", "--task 15 --due 2024-04-25"
        ),
        Step("K", "register missed payments --month 2024-05", "按月发放"),
    ],
    "E11": [
        Step("C", "allocate reporter 43.2 990100 990100"),
        Step("C", "record 43.2 150000000 --period 2024-05"),
        Step("C", "tasks --period 2024-05", "150,000,000"),
    ],
    # F. Applications, eligibility, matching, systems
    "F1": kept(
        "K",
        "applications",
        "date=2024-05-31 applied=100 passed=80 manual=30 paid=60",
        "自动通过和人工审核之和多于申报",
        "--task 2",
    ),
    "F2": kept(
        "K",
        "classing",
        "code=H-1 class2=是 class3=是 result=低保边缘",
        "不是按顺序最先符合的一类",
        "--task 4",
    ),
    "F3": kept(
        "K",
        "grants",
        "code=S-2 programme=重病救助 level=血友病 listed=2024-05-02",
        "没有审核就列了名单",
        "--task 14",
    ),
    "F4": [Step("K", "roster compare {base} {base2} --by 编号", "只在")],
    "F5": [
        Step(
            "T", "register add allowances --set code=B-7 --set kind=生活补贴 --set entry=2024-01-01 --task 15"
        ),
        Step(
            "T",
            "roster compare {base} --register allowances --by 编号 --on 2024-05-31",
            "只在“两项补贴名册”里的",
        ),
    ],
    "F6": kept("K", "costs", "code=M-1 line=15000 cost=15000", "达到监测标准，还没有推送", "--task 19"),
    "F7": kept(
        "K", "systems", "system=无障碍系统 completed=20 entered=12", "未录完", "--task 12 --due 2024-10-31"
    ),
    "F8": kept(
        "K",
        "systems",
        "system=充电监管平台 completed=8 entered=8 date=2024-05-20",
        "充电监管平台",
        "--task 36",
    ),
    "F9": kept("K", "stations", "station=人民路 state=在线 date=2024-05-20", "人民路", "--task 30"),
    "F10": kept("K", "windows", "matter=退休一件事 online=2024-04-01", "未开通", "--task 7"),
    "F11": kept(
        "K", "hotlines", "channel=资助热线 number=12345 received=30 answered=28", "资助热线", "--task 24"
    ),
    # G. Openness
    "G1": kept(
        "C",
        "publications",
        "title=大病救助资金 kind=资金使用 where=网站 date=2024-06-01",
        "大病救助资金",
        "--task 14",
    ),
    "G2": kept(
        "C", "publications", "title=低保标准 kind=标准 where=政府公报 date=2024-04-01", "低保标准", "--task 4"
    ),
    "G3": kept(
        "K",
        "samples",
        "batch=24-001 tested=2024-05-10 published=2024-05-08 result=合格",
        "公布日期早于检验日期",
        "--task 49",
    ),
    "G4": kept(
        "C",
        "workshops",
        "workshop=张记 entry=2024-01-10 exit=2024-06-01 why=不合格 published=2024-05-01",
        "公布日期早于取消日期",
        "--task 50",
    ),
    # H. Division and adjustment
    "H1": [
        Step("C", "allocate show", "合计"),
        Step("C", "clues --period 2024-05 --kind projects", "项目不够"),
    ],
    "H2": [Step("C", "allocate proportional 23.1 --base {bases}"), Step("C", "allocate show", "160")],
    "H3": [Step("C", "clues --period 2024-05 --kind floor", "低于下限：")],
    "H4": kept("K", "standards", "item=适老化 old=900 new=950 floor=1000", "低于下限", "--task 13"),
    "H5": [
        Step(
            "K",
            "register add list_versions --set title=方案 --set version=送审稿 --set drafted=2024-04-10 --task 37",
        ),
        Step(
            "K", "register update {last} --status approved --set approved=2024-06-01 --set approver=审定单位"
        ),
        Step("K", "register show list_versions", "已审定"),
    ],
    "H6": [Step("C", "clues --period 2024-05 --kind levels", "分级不符：")],
    "H7": [
        Step(
            "T", "register add children --set code=E-1 --set kind=集中养育 --set entry=2024-01-01 --task 20"
        ),
        Step("T", "register update {last} --set exit=2024-05-15 --set why=收养"),
        Step("T", "register summary children --on 2024-05-31", "在册"),
    ],
    "H8": kept(
        "K",
        "standards",
        "item=特困 old=1000 new=1040 rise=4.5 base=900 over=30",
        "没有达到要求的增幅",
        "--task 4",
    ),
    "H9": kept("K", "checklists", "item=反诈工作队 done=是 date=2024-04-20", "反诈工作队", "--task 48"),
    # I. Coordination
    "I1": kept(
        "C",
        "contacts",
        "department=市财政局 role=资金 agreement=季度会商 date=2024-03-01",
        "市财政局",
        "--task 46",
    ),
    "I2": kept("K", "consultations", "date=2024-05-10 outcome=加强预警", "加强预警", "--task 48"),
    "I3": [
        Step("K", "register add recognition --set project=西苑 --set certificate=2024-08 --task 39"),
        Step("K", "register add opinions --set department=消防 --set opinion=补充材料 --about {last}"),
        Step("K", "register show opinions", "补充材料"),
    ],
    "I4": [
        *kept("K", "experts", "member=专家甲 field=妇科 entry=2024-03-01", "专家甲", "--task 28"),
        *kept(
            "K", "expert_activities", "date=2024-05-11 kind=业务指导 content=乡镇巡讲 people=30", "乡镇巡讲"
        ),
    ],
    "I5": kept("T", "pairs", "helper=站长 helped=T-5 entry=2024-03-01", "T-5", "--task 17"),
    "I6": kept(
        "K",
        "dispatches",
        "date=2024-05-30 progress=专项行动第一阶段结束",
        "专项行动第一阶段结束",
        "--task 48",
    ),
}
