"""Makes the pictures beside it: python3 make.py, with Pillow and the typeface Noto Sans CJK."""

from PIL import Image, ImageDraw, ImageFont

FONT = "NotoSansCJK-Bold.ttc"


def make(name, lines, size):
    font = ImageFont.truetype(FONT, size, index=2)
    step = size * 9 // 5
    width = max(int(font.getlength(line)) for line in lines) + 2 * step
    picture = Image.new("L", (width, step * (len(lines) + 1)), 255)
    draw = ImageDraw.Draw(picture)
    for at, line in enumerate(lines):
        draw.text((step, step // 2 + at * step), line, font=font, fill=0)
    picture.save(name, optimize=True)


make("notice.png", ["000012", "机密★10年", "特急", "关于开展保密检查工作的通知"], 24)
make("screen.png", ["秘密★5年", "食堂菜单"], 13)
