"""Keys, tokens and passwords, made at random from the seed: none of them opens anything."""

import base64
import json

from plant import Plant

LOWER = "abcdefghijklmnopqrstuvwxyz"
UPPER = LOWER.upper()
DIGITS = "0123456789"
ALNUM = LOWER + UPPER + DIGITS


def draw(rng, letters, count):
    """At random, with each kind of character that is asked for."""
    while True:
        out = "".join(rng.choice(letters) for _ in range(count))
        wanted = [kind for kind in (LOWER, UPPER, DIGITS) if set(kind[:2]) <= set(letters)]
        if all(sum(c in kind for c in out) >= 2 for kind in wanted):
            return out


def token(rng):
    part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    head, body = {"alg": "HS256", "typ": "JWT"}, {"sub": draw(rng, DIGITS, 10), "name": "li.lei"}
    return f"{part(head)}.{part(body)}.{draw(rng, ALNUM, 43)}"


def pem(rng):
    body = base64.b64encode(bytes(rng.randrange(256) for _ in range(300))).decode()
    kind = rng.choice(("RSA ", "EC ", "", "OPENSSH ", "ENCRYPTED "))
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{lines}\n-----END {kind}PRIVATE KEY-----"


def password(rng):
    word = rng.choice(("Spring", "hunter", "Beijing", "Dragon", "Winter", "Huawei"))
    return word + rng.choice("@!#&*") + draw(rng, DIGITS, 4)


def address(rng):
    word = password(rng).replace("@", "!").replace("#", "*")
    return f"{rng.choice(('postgres', 'mysql', 'mongodb', 'redis'))}://app:{word}x@db.internal:5432/main"


KINDS = {
    "secret.private_key": pem,
    "secret.aws.key": lambda r: "AKIA" + draw(r, UPPER + "234567", 16),
    "secret.aws.secret": lambda r: "aws_secret_access_key = " + draw(r, ALNUM + "/+", 40),
    "secret.github": lambda r: r.choice(("ghp_", "gho_", "ghs_")) + draw(r, ALNUM, 36),
    "secret.gitlab": lambda r: "glpat-" + draw(r, ALNUM, 20),
    "secret.slack": lambda r: f"xoxb-{draw(r, DIGITS, 12)}-{draw(r, DIGITS, 13)}-{draw(r, ALNUM, 24)}",
    "secret.google": lambda r: "AIza" + draw(r, ALNUM + "_-", 35),
    "secret.jwt": token,
    "secret.stripe": lambda r: "sk_live_" + draw(r, ALNUM, 24),
    "secret.openai": lambda r: "sk-proj-" + draw(r, ALNUM, 48),
    "secret.chinese_clouds": lambda r: r.choice(("LTAI" + draw(r, ALNUM, 20), "AKID" + draw(r, ALNUM, 32))),
    "secret.more_tokens": lambda r: r.choice(("npm_" + draw(r, ALNUM, 36), "dop_v1_" + draw(r, "0123456789abcdef", 64))),
    "secret.connection": address,
    "secret.dsn_password": lambda r: f"Server=db1;Database=x;User Id=sa;Password={password(r)};",
    "secret.password": lambda r: r.choice(("密码：", "初始口令为", 'password = "', "DB_PASSWORD=", "口令: ")) + password(r),
    "secret.generic": lambda r: r.choice(('api_key = "', "client_secret: ", 'access_token="')) + draw(r, ALNUM, 32),
}

STAND_INS = (
    "password = os.environ['DB_PASSWORD']",
    "api_key = \"YOUR_API_KEY_HERE\"",
    "postgres://user:password@localhost/db",
    "密码：******",
    "aws_secret_access_key = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "-----BEGIN PUBLIC KEY-----",
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "口令长度不少于8位，且应定期更换",
    "client_secret: ${CLIENT_SECRET}",
    "access_token: config.get_access_token()",
    "Authorization: Bearer <token>",
)


def some(rng, rule):
    text = KINDS[rule](rng)
    text += '"' if text.count('"') == 1 else ""
    # two rules may both know a key; either tells it
    return Plant("secret", text, (rule, "secret.*"))


def nearly(rng):
    return Plant("nearly", rng.choice(STAND_INS), ("secret.*",), form="stand_in")
