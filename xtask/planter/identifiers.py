"""Numbers of people, firms and accounts, with check digits that hold, and the same with one that does not."""

from plant import Plant

REGIONS = ("110105", "310104", "440305", "510107", "330106", "420111", "610113", "320102", "370203", "210102")
PLATES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"


def digits(rng, count):
    return "".join(rng.choice("0123456789") for _ in range(count))


def other(rng, digit, letters="0123456789"):
    return rng.choice([one for one in letters if one != digit])


def prc(rng):
    """GB 11643, ISO 7064 modulo 11-2."""
    body = rng.choice(REGIONS) + f"{rng.randint(1950, 2008)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}{digits(rng, 3)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]


def uscc(rng):
    """GB 32100, weights modulo 31."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    body = rng.choice(("91", "12", "51", "92")) + rng.choice(REGIONS) + "MA" + "".join(rng.choice(letters) for _ in range(7))
    return body + letters[(31 - sum(letters.index(c) * w for c, w in zip(body, weights)) % 31) % 31]


def luhn(body):
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def card(rng):
    begin, length = rng.choice((("622202", 19), ("621700", 19), ("622588", 16), ("4367", 16), ("5187", 16), ("62284", 19)))
    return luhn(begin + digits(rng, length - len(begin) - 1))


def iban(rng):
    country, length = rng.choice((("DE", 22), ("FR", 27), ("CH", 21), ("NL", 18)))
    body = ("INGB" + digits(rng, 10)) if country == "NL" else digits(rng, length - 4)
    number = int("".join(str(int(c, 36)) for c in body + country + "00"))
    return f"{country}{98 - number % 97:02}{body}"


def mobile(rng):
    return rng.choice(("138", "139", "150", "176", "185", "198", "166")) + digits(rng, 7) + other(rng, "0")


# Rule, words before it, the number, how one that is nearly valid is made.
KINDS = {
    "id.prc": (("身份证号：", "公民身份号码 ", "证件号:"), prc, lambda n, r: n[:-1] + other(r, n[-1])),
    "id.uscc": (("统一社会信用代码：", "纳税人识别号：", "机构代码 "), uscc, lambda n, r: n[:-1] + other(r, n[-1])),
    "id.bank_card": (("银行卡号：", "开户行账号 ", "卡号："), card, lambda n, r: n[:-1] + other(r, n[-1])),
    "id.iban": (("IBAN ", "account: "), iban, lambda n, r: n[:-1] + other(r, n[-1])),
    "id.mobile": (("手机：", "联系电话 ", "联系人手机 "), mobile, lambda n, r: "12" + n[2:]),
    "id.phone": (
        ("电话：", "传真 ", "联系电话："),
        lambda r: r.choice(("010", "021", "0755", "0571")) + "-" + r.choice("6789") + digits(r, 7),
        lambda n, r: "00" + n[2:],
    ),
    "id.passport": (("护照号：", "护照号码 ", "passport no. "), lambda r: r.choice("EG") + digits(r, 8), lambda n, r: "X" + n[1:]),
    "id.permit": (("来往内地通行证 ", "回乡证号："), lambda r: r.choice("HM") + digits(r, 10), lambda n, r: "A" + n[1:]),
    "id.taiwan_permit": (("台胞证号 ", "台湾居民来往大陆通行证 "), lambda r: "0" + digits(r, 7), lambda n, r: n[:-1]),
    "id.plate": (
        ("车牌号：", "车辆号牌 "),
        lambda r: r.choice(PLATES) + r.choice("ABCD") + digits(r, 2) + r.choice("ABCDEFGHJ") + digits(r, 2),
        lambda n, r: n[0] + "I" + n[2:],
    ),
    "id.ipv4": (
        ("服务器地址 ", "终端 IP：", "网关："),
        lambda r: f"{r.choice(('10', '172', '192', '61'))}.{r.randint(1, 254)}.{r.randint(1, 254)}.{r.randint(1, 254)}",
        lambda n, r: n + "9999",
    ),
    "id.email": (
        ("邮箱：", "e-mail: ", "联系邮件 "),
        lambda r: "".join(r.choice("abcdefghjkmn") for _ in range(6)) + r.choice(("@ruping.gov.cn", "@mail.ruping.com.cn")),
        lambda n, r: n.split("@")[0] + "@2x.png",
    ),
    "id.imei": (("IMEI ", "手机串号："), lambda r: luhn("49015420" + digits(r, 6)), lambda n, r: n[:-1] + other(r, n[-1])),
}


def spaced(number, rng):
    """As people group them."""
    if len(number) == 18 and number[:17].isdigit():
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if number.isdigit() and len(number) == 11:
        sign = rng.choice(" -")
        return f"{number[:3]}{sign}{number[3:7]}{sign}{number[7:]}"
    if number.isdigit() and len(number) in (16, 19):
        return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    return None


def wide(number, _rng):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in number)


def zero_width(number, rng):
    at = rng.randrange(1, len(number))
    return number[:at] + rng.choice("\u200b\u2060\ufeff") + number[at:]


FORMS = {"number_grouped": spaced, "number_full_width": wide, "number_zero_width": zero_width}


def some(rng, rule):
    """A valid one."""
    leads, make, _ = KINDS[rule]
    number = make(rng)
    return Plant("identifier", number, (rule,), lead=rng.choice(leads))


def nearly(rng, rule):
    """One that must not be told as that number."""
    leads, make, spoil = KINDS[rule]
    number = make(rng)
    wrong = spoil(number, rng)
    return Plant("nearly", wrong, (rule,), form="nearly_valid", lead=rng.choice(leads), base=number)


def bent(rng, rule, form):
    """A valid one, written otherwise."""
    leads, make, _ = KINDS[rule]
    number = make(rng)
    text = FORMS[form](number, rng)
    if not text or text == number:
        return None
    return Plant("identifier", text, (rule,), form=form, base=number, lead=rng.choice(leads))
