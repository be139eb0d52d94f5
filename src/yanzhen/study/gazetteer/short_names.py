"""What a place is called for short: 济南 for 济南市, 恩施 for 恩施土家族苗族自治州."""

import re

_PEOPLES = (
    *("土家族", "苗族", "藏族", "羌族", "彝族", "布依族", "侗族", "哈尼族", "壮族", "傣族"),
    *("白族", "景颇族", "傈僳族", "朝鲜族", "回族", "蒙古族", "黎族", "满族", "瑶族", "水族"),
    *("仡佬族", "畲族", "土族", "撒拉族", "保安族", "东乡族", "裕固族", "仫佬族", "毛南族"),
    *("佤族", "拉祜族", "纳西族", "普米族", "怒族", "独龙族", "达斡尔族", "鄂温克族", "塔吉克"),
    *("维吾尔", "哈萨克", "柯尔克孜", "锡伯", "蒙古", "各族", "布朗族"),
)
_AUTONOMOUS = re.compile(r"自治(区|州|县|旗)$")
_SUFFIXES = (
    *("特别行政区", "地区", "林区", "特区", "新区", "省", "市", "州", "盟", "区", "县", "旗"),
)


def short_names(name: str) -> tuple[str, ...]:
    """Return what a place of this full name is also called, the full name first.

    Examples
    --------
    >>> short_names("济南市")
    ('济南市', '济南')
    >>> short_names("恩施土家族苗族自治州")
    ('恩施土家族苗族自治州', '恩施', '恩施州')
    >>> short_names("内蒙古自治区")
    ('内蒙古自治区', '内蒙古', '内蒙古区')
    """
    autonomous = _AUTONOMOUS.search(name)
    if autonomous:
        stem = _without_peoples(name[: autonomous.start()])
        return name, stem, stem + autonomous.group(1)
    for suffix in _SUFFIXES:
        stem = name.removesuffix(suffix)
        if stem != name and len(stem) >= 2:
            return name, stem
    return (name,)


def _without_peoples(stem: str) -> str:
    """A place's name without the peoples that it is named with; 内蒙古 is no people's."""
    for people in _PEOPLES:
        rest = stem.removesuffix(people)
        if rest != stem and len(rest) >= 2:
            return _without_peoples(rest)
    return stem
