"""Real picture files for the sample city: drawn scenes with grain, so that they compress like photos."""

from __future__ import annotations

import io
import random
from pathlib import Path

SIZE = (800, 600)
SCENES = ("bathroom", "ramp", "road", "water", "classroom", "form")


class Camera:
    """Draws scenes; `shoot` writes a JPEG (or a PDF of a form) that no other shot equals."""

    def __init__(self, seed: int) -> None:
        from PIL import Image, ImageDraw, ImageFilter

        self._image, self._draw, self._filter = Image, ImageDraw, ImageFilter
        self._random = random.Random(seed)
        noise = Image.effect_noise(SIZE, 24).convert("L")
        self._grain = Image.merge("RGB", (noise, noise, noise))
        self._bases = {scene: self._scene(scene) for scene in SCENES}
        self._count = 0

    def shoot(self, scene: str, path: Path, taken: str, *, after: bool = True) -> Path:
        """Write one photo (a PDF where the name says so).  `taken` is 2024-06-18T10:22:00, kept as the photo's note."""
        from PIL import ImageChops, ImageEnhance

        self._count += 1
        picture = self._bases[scene].copy()
        draw = self._draw.Draw(picture)
        x, y = self._random.randrange(60, 600), self._random.randrange(80, 420)
        tone = (70, 110, 160) if after else (120, 90, 70)
        draw.rounded_rectangle((x, y, x + 120, y + 46), 6, fill=tone, outline=(40, 40, 40))
        draw.text((x + 8, y + 14), f"{taken[:10]} #{self._count}", fill=(255, 255, 255))
        picture = ImageEnhance.Brightness(picture).enhance(self._random.uniform(0.85, 1.1))
        picture = ImageChops.overlay(picture, self._grain)
        if path.suffix == ".pdf":
            picture.save(path, "PDF", resolution=100)
            return path
        exif = self._image.Exif()
        exif[0x0132] = taken[:19].replace("-", ":").replace("T", " ")
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=72, exif=exif)
        path.write_bytes(out.getvalue())
        return path

    def _scene(self, scene: str):
        picture = self._image.new("RGB", SIZE, (214, 206, 190))
        draw = self._draw.Draw(picture)
        if scene == "bathroom":
            for step in range(0, 800, 80):
                draw.line((step, 0, step, 420), fill=(190, 182, 166))
                draw.line((0, step, 800, step), fill=(190, 182, 166))
            draw.rectangle((0, 420, 800, 600), fill=(140, 132, 120))
            draw.ellipse((430, 300, 560, 380), fill=(248, 248, 244), outline=(170, 170, 165))
            draw.rectangle((450, 370, 540, 470), fill=(240, 240, 236))
            draw.line((250, 200, 250, 380, 380, 380), fill=(250, 250, 250), width=16)
        elif scene == "ramp":
            draw.rectangle((0, 0, 800, 260), fill=(176, 200, 220))
            draw.rectangle((120, 100, 780, 460), fill=(178, 106, 78))
            for row in range(100, 460, 24):
                draw.line((120, row, 780, row), fill=(150, 88, 64))
            draw.rectangle((420, 210, 540, 460), fill=(72, 48, 36))
            draw.polygon(((0, 600), (420, 450), (540, 450), (400, 600)), fill=(160, 158, 150))
            draw.line((40, 520, 420, 390), fill=(190, 190, 190), width=8)
        elif scene == "road":
            draw.rectangle((0, 0, 800, 250), fill=(180, 208, 232))
            draw.rectangle((0, 250, 800, 600), fill=(120, 152, 96))
            draw.polygon(((340, 250), (460, 250), (760, 600), (40, 600)), fill=(96, 98, 102))
            draw.line((400, 260, 400, 600), fill=(240, 240, 236), width=8)
            for post in range(0, 5):
                draw.rectangle(
                    (560 + post * 48, 280 + post * 60, 572 + post * 50, 340 + post * 66), fill=(230, 230, 230)
                )
        elif scene == "water":
            draw.rectangle((0, 0, 800, 220), fill=(190, 212, 228))
            draw.rectangle((0, 220, 800, 600), fill=(74, 116, 128))
            for wave in range(240, 600, 26):
                draw.arc((wave - 200, wave, wave + 500, wave + 60), 200, 340, fill=(120, 160, 170), width=3)
            draw.polygon(((0, 220), (200, 220), (90, 600), (0, 600)), fill=(98, 140, 80))
        elif scene == "classroom":
            draw.rectangle((80, 80, 720, 300), fill=(44, 84, 68))
            for desk in range(90, 720, 130):
                draw.rectangle((desk, 420, desk + 100, 470), fill=(196, 160, 108))
            for lamp in range(100, 720, 160):
                draw.rectangle((lamp, 20, lamp + 120, 36), fill=(255, 252, 230))
        else:
            draw.rectangle((0, 0, 800, 600), fill=(150, 130, 108))
            draw.polygon(((150, 30), (650, 40), (640, 580), (160, 570)), fill=(250, 249, 245))
            for row in range(140, 480, 34):
                draw.line((200, row, 600, row), fill=(90, 90, 96), width=2)
            for column in range(200, 620, 100):
                draw.line((column, 140, column, 470), fill=(90, 90, 96), width=2)
            draw.ellipse((470, 440, 570, 540), outline=(200, 60, 50), width=6)
        return picture.filter(self._filter.GaussianBlur(1))
