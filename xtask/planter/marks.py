"""Marks of the three families, of foreign schemes, and words; in the forms that the law or their scheme gives them."""

from plant import Plant

STATE = {"绝密": "state.top_secret", "机密": "state.secret", "秘密": "state.confidential"}
STATE_RULES = {"绝密": "mark.state.top_secret", "机密": "mark.state.secret", "秘密": "mark.state.confidential"}
YEARS = {"绝密": (20, 25, 30), "机密": (5, 10, 15, 20), "秘密": (1, 3, 5, 10)}
CONDITIONS = ("会议开始前", "方案公布前", "任务完成后", "正式发布前", "招标结束时")
OWNERS = ("华光", "东方电气", "北辰集团", "中远研究院", "长风科技")


def state(rng):
    """One mark of a state secret (R-161)."""
    word = rng.choice(list(STATE))
    years = rng.choice(YEARS[word])
    text = rng.choice(
        [
            f"{word}★{years}年",
            f"{word}★{years}年",
            f"{word}★{years}年",
            f"{word}★{rng.choice((3, 6, 9, 11))}个月",
            f"{word}★长期",
            f"{word}★20{rng.randint(27, 49)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
            f"{word}★{rng.choice(CONDITIONS)}",
            f"{word}★",
            f"密级：{word}",
            f"密级：{word}★{years}年",
        ]
    )
    return Plant("mark", text, (STATE_RULES[word],), STATE[word])


def state_bare(rng):
    word = rng.choice(("绝密", "机密"))
    return Plant("mark", word, (STATE_RULES[word],), STATE[word], head=True)


def work(rng):
    """One mark of a work secret (R-522)."""
    text = rng.choice(
        ["内部事项 注意保管", "内部资料 注意保存", "内部文件 严禁外传", "内部资料，妥善保管", "密级：内部", "密级：工作秘密"]
    )
    return Plant("mark", text, ("mark.work",), "work.internal")


def work_bare(rng):
    text = rng.choice(["内部", "工作秘密", "内部资料", "内部文件"])
    return Plant("mark", text, ("mark.work",), "work.internal", head=True)


def trade(rng):
    """One mark of a trade secret (R-531 to R-533)."""
    owner, years = rng.choice(OWNERS), rng.randint(1, 10)
    if rng.random() < 0.5:
        text = rng.choice([f"核心商密▲{years}年", f"{owner} 核心商密 {years}年", f"{owner} 核心商密 长期", "密级：核心商密"])
        return Plant("mark", text, ("mark.trade.core",), "trade.core")
    text = rng.choice(
        [f"普通商密▲{years}年", f"{owner} 普通商密 {years}年", f"{owner} 普通商密 公布前", "商业秘密▲", "密级：商业秘密"]
    )
    return Plant("mark", text, ("mark.trade.ordinary",), "trade.ordinary")


def trade_bare(rng):
    if rng.random() < 0.5:
        return Plant("mark", "核心商密", ("mark.trade.core",), "trade.core", head=True)
    return Plant("mark", "普通商密", ("mark.trade.ordinary",), "trade.ordinary", head=True)


# Text, level that has to be told, whether only at a head.
FOREIGN = [
    ("TOP SECRET//NOFORN", "foreign.us.top_secret", False),
    ("TOP SECRET//SI/TK//NOFORN", "foreign.us.top_secret", False),
    ("SECRET//NOFORN", "foreign.us.secret", False),
    ("SECRET//REL TO USA, GBR", "foreign.us.secret", False),
    ("CONFIDENTIAL//NOFORN", "foreign.", False),
    ("UNCLASSIFIED//FOUO", "foreign.us.controlled", False),
    ("CUI//SP-CTI", "foreign.us.controlled", False),
    ("FOR OFFICIAL USE ONLY", "foreign.us.controlled", True),
    ("TOP SECRET", "foreign.us.top_secret", True),
    ("STRICTLY CONFIDENTIAL", "foreign.", True),
    ("COMPANY CONFIDENTIAL", "foreign.", True),
    ("NATO SECRET", "foreign.nato.secret", True),
    ("NATO CONFIDENTIAL", "foreign.nato.confidential", True),
    ("NATO RESTRICTED", "foreign.nato.restricted", True),
    ("COSMIC TOP SECRET", "foreign.nato.top_secret", True),
    ("VS-NUR FÜR DEN DIENSTGEBRAUCH", "foreign.de.restricted", True),
    ("VS-NfD", "foreign.de.restricted", True),
    ("RESTREINT UE/EU RESTRICTED", "foreign.eu.", True),
    ("CONFIDENTIEL UE/EU CONFIDENTIAL", "foreign.eu.", True),
    ("SECRET UE/EU SECRET", "foreign.eu.", True),
    ("OFFICIAL-SENSITIVE", "foreign.uk.", True),
    ("UK SECRET", "foreign.uk.", True),
    ("Совершенно секретно", "foreign.ru.", True),
    ("СЕКРЕТНО", "foreign.ru.", True),
    ("社外秘", "foreign.", True),
    ("極秘", "foreign.", True),
    ("대외비", "foreign.", True),
    ("TRÈS SECRET", "foreign.fr.", True),
    ("DIFFUSION RESTREINTE", "foreign.fr.", True),
    ("STRENG GEHEIM", "foreign.de.", True),
]


def foreign(rng, head=True):
    text, level, only_head = rng.choice([one for one in FOREIGN if head or not one[2]])
    return Plant("mark", text, ("mark.foreign*",), level, head=only_head)


FAMILIES = (state, state, state, work, trade, foreign)


def anywhere(rng):
    """A mark that is one wherever it stands on a line of its own."""
    while True:
        plant = rng.choice(FAMILIES)(rng)
        if not plant.head:
            return plant


def at_head(rng):
    """A mark where marks stand."""
    return rng.choice((state, state, state_bare, work, work_bare, trade, trade_bare, foreign))(rng)


def chinese(rng):
    """A mark of the law's families, for evasions."""
    return rng.choice((state, state, state, work, trade))(rng)


def keyword(rng):
    """Words of handling, numbers of documents; alone or near each other."""
    text, rules = rng.choice(
        [
            ("会后收回，请勿外带", ("keyword.handling",)),
            ("（阅后即焚）", ("keyword.handling",)),
            ("本件只限本人阅", ("keyword.handling",)),
            ("知悉范围：课题组成员及所领导", ("keyword.no_foreign",)),
            ("传达范围：县团级以上干部", ("keyword.no_foreign",)),
            (f"份号：{rng.randint(1, 999999):06}", ("document.copy_number",)),
            (f"某办密发〔20{rng.randint(10, 26)}〕{rng.randint(1, 400)}号", ("document.number.secret",)),
            (f"国保密〔20{rng.randint(10, 26)}〕{rng.randint(1, 400)}号", ("document.number.secret",)),
            (f"工程代号：{rng.randint(100, 999)}", ("document.project",)),
            ("战斗部参数与弹道精度指标见附件，属内部涉密内容", ("keyword.secret_matters",)),
            ("雷达散射截面与隐身涂层参数一并报送，按涉密材料管理", ("keyword.secret_matters",)),
        ]
    )
    return Plant("keyword", text, rules)
