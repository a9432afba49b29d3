"""May 2026 in an invented hall, as its office keeps it: sheets, a USB export of one terminal, pushes of another.

The 1st, 4th and 5th are holidays and Saturday the 9th works instead: 19 workdays, the first of them the 6th.
"""

from datetime import date, timedelta
from pathlib import Path

from deeds import push
from halls import POLICY, do

from api.imports.folder import load_folder
from attendance import patrol
from attendance.calendar import Calendar
from attendance.hall import Hall

MONTH = "2026-05"
WORKDAYS = [day for number in range(31) if Calendar().is_workday(day := date(2026, 5, 1) + timedelta(days=number))]
KEPT = ("08:52:10", "12:03:00", "13:21:00", "17:04:30")

SHEETS = {
    "windows.csv": """window,unit,from,to
税务窗口,税务局,,
公安窗口,公安局,,
医保窗口,医保局,,
不动产窗口,不动产中心,,
""",
    "staff.csv": """no,name,window,unit,category,from,to,relief
1001,钱桐雅,税务窗口,税务局,窗口人员,,,0
1002,周宁,税务窗口,税务局,窗口人员,,,0
2001,孙可岚,公安窗口,公安局,窗口人员,,,0
3001,吴小满,医保窗口,医保局,窗口人员,2026-05-18,,0
3002,郑可,医保窗口,医保局,窗口人员,,,0
4001,何远,不动产窗口,不动产中心,窗口人员,,,0
4002,许念,不动产窗口,不动产中心,窗口人员,,,0
9001,李若茗,税务窗口,税务局,替岗人员,,,1
""",
    "terminals.csv": "sn,family,zone,name\nGATE1,zkteco,+08:00,东门\nGATE2,zkteco,+08:00,西门\n",
    "pins.csv": "sn,pin,no,from,to\nGATE2,41,4001,,\n",
    "timetable.csv": """from,to,weekday,window,session,on,off,owes
,,,,am,09:00,12:00,both
,,,,pm,13:30,17:00,both
""",
    "leave.csv": """no,type,start,end,reason
2001,事假,2026-05-13 13:30,2026-05-13 17:00,接孩子
3002,official,2026-05-20,2026-05-20,去市里开会
""",
    "corrections.csv": "no,date,session,mark,reason\n4002,2026-05-25,pm,off,下班忘打卡\n",
    "outages.csv": "sn,start,end,reason\nGATE2,2026-05-26 08:30,2026-05-26 09:30,停电\n",
    "relief.csv": "window,relief_no,regular_no,start,end\n公安窗口,9001,2001,2026-05-13 13:00,2026-05-13 18:00\n",
    "findings.csv": """seen_at,window,no,code,inspector,note,id
2026-05-12 09:05,税务窗口,1002,late,巡查员,九点零五分无人,P1
2026-05-21 10:20,医保窗口,3002,phone,巡查员,看视频,P2
2026-05-14 10:00,不动产窗口,4002,badge,巡查员,,P3
""",
    "ratings.csv": """date,window,no,level,verified
2026-05-18,税务窗口,1001,不满意,yes
2026-05-19,税务窗口,1002,不满意,no
""",
    "reviews.csv": """month,kind,no,window,score,samples
2026-05,public,,税务窗口,90,20
2026-05,public,,公安窗口,70,3
2026-05,peer,3002,,95,
""",
    "cases.csv": """month,unit,total,instant,centre,unit_handled,grassroots,online,overdue
2026-05,公安局,300,0,0,0,0,0,1
2026-05,医保局,900,0,0,0,0,0,0
""",
    "bonus.csv": """date,windows,no,code,count,evidence
2026-05-29,税务窗口,,door,4,上门办税
2026-05-29,公安窗口;医保窗口,,speed_up,6,联办提速
2026-05-29,,4002,honor,1,省级表彰
""",
    "vetoes.csv": "month,no,trigger,note\n2026-05,4001,proxy_punch,\n",
}


def punches_of(no: str) -> dict[date, tuple[str, ...]]:
    """When somebody went past the terminal."""
    days: dict[date, tuple[str, ...]] = dict.fromkeys(WORKDAYS, KEPT)
    if no == "1002":
        days[date(2026, 5, 12)] = ("09:12:30", *KEPT[1:])
    if no == "2001":
        days[date(2026, 5, 13)] = KEPT[:2]
    if no == "3001":
        days = {day: clock for day, clock in days.items() if day >= date(2026, 5, 18)}
    if no == "3002":
        del days[date(2026, 5, 20)]
    if no == "4001":
        days[date(2026, 5, 26)] = KEPT[1:]
    if no == "4002":
        days[date(2026, 5, 25)] = KEPT[:3]
    if no == "9001":
        days = {date(2026, 5, 13): ("13:35:00", "17:01:00")}
    return days


def write_folder(folder: Path) -> None:
    (folder / "attlog").mkdir(parents=True)
    for name, text in SHEETS.items():
        (folder / name).write_text(text, encoding="utf-8")
    lines = [
        f"{no:>9}\t{day} {clock}\t1\t0\t15\t0\r\n"
        for no in ("1001", "1002", "2001", "3001", "3002", "4002", "9001")
        for day, clocks in punches_of(no).items()
        for clock in clocks
    ]
    lines += [f"{'555':>9}\t2026-05-27 08:50:00\t1\t0\t15\t0\r\n"]
    (folder / "attlog" / "GATE1.dat").write_text("".join(lines), encoding="ascii", newline="")


def month_of_may(folder: Path) -> Hall:
    """The hall with all of May told, but for finding P3, which still stands."""
    write_folder(folder / "sheets")
    hall = Hall.found(folder / "hall", POLICY)
    push(hall, "GATE1", "1001", punches_of("1001"))
    refused = list(load_folder(hall, folder / "sheets").refused())
    assert refused == [], refused
    push(hall, "GATE2", "41", punches_of("4001"))
    return hall


def withdraw_the_badge(hall: Hall) -> None:
    do(hall, patrol.withdraw, finding="P3", reason="工牌在另一侧")
