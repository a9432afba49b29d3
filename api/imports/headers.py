"""How the office heads its columns: the names of 5.3, and the Chinese ones."""

from collections.abc import Iterable, Mapping

from api.imports.cells import plain

ALIASES: Mapping[str, tuple[str, ...]] = {
    "no": ("工号", "人员编号", "人员工号"),
    "name": ("姓名", "名称"),
    "window": ("窗口", "窗口名称", "所在窗口"),
    "windows": ("窗口", "窗口名称", "联合窗口"),
    "unit": ("单位", "派驻单位", "部门"),
    "category": ("类别", "人员类别", "身份"),
    "from": ("起始日期", "开始日期", "起"),
    "to": ("截止日期", "结束日期", "止"),
    "relief": ("替岗", "替岗人员", "是否替岗"),
    "sn": ("终端序列号", "序列号", "终端", "设备序列号"),
    "family": ("终端类型", "型号", "品牌"),
    "zone": ("时区",),
    "pin": ("终端编号", "终端工号", "考勤号码", "考勤号"),
    "date": ("日期",),
    "workday": ("工作日", "是否工作日", "上班"),
    "weekday": ("星期", "周几"),
    "session": ("时段", "班次", "班次时段"),
    "on": ("上班", "上班时间", "开始时间"),
    "off": ("下班", "下班时间", "结束时间"),
    "owes": ("应打卡", "应打卡点"),
    "type": ("类型", "请假类型", "假别"),
    "start": ("开始", "开始时间", "起始时间", "开始日期"),
    "end": ("结束", "结束时间", "截止时间", "结束日期"),
    "reason": ("事由", "原因", "理由"),
    "mark": ("补哪个卡", "补卡点", "打卡点"),
    "relief_no": ("替岗工号", "替岗人员工号"),
    "regular_no": ("被替工号", "被替岗工号", "在编工号"),
    "seen_at": ("巡查时间", "发现时间", "时间"),
    "code": ("项目", "代码", "巡查项", "加分项"),
    "inspector": ("巡查人", "巡查人员"),
    "note": ("备注", "说明", "情况"),
    "id": ("编号", "记录编号", "巡查编号"),
    "count": ("次数", "件数", "数量"),
    "evidence": ("依据", "佐证", "证明"),
    "level": ("等级", "评价等级", "评价"),
    "verified": ("核实", "是否属实", "核实情况"),
    "month": ("月份",),
    "kind": ("评议类别", "类别"),
    "score": ("分数", "得分"),
    "samples": ("份数", "样本数", "票数"),
    "total": ("总量", "办件总量", "办件量"),
    "instant": ("即办", "即办件"),
    "centre": ("中心办", "中心办理"),
    "unit_handled": ("单位办", "单位办理"),
    "grassroots": ("基层办", "基层办理"),
    "online": ("网办", "网上办理"),
    "overdue": ("超期", "超期件", "超期办件"),
    "trigger": ("情形", "否决情形"),
}


def column_of(text: str, columns: Iterable[str]) -> str | None:
    """The column of a table that a header cell means, if any."""
    head = "".join(plain(text).lower().split())
    return next((column for column in columns if head == column or head in ALIASES[column]), None)
