"""Near-duplicates planted among other cases: the same thing told by somebody else, more shortly."""

import re
from pathlib import Path

import yaml

from registry import fingerprint

CATALOGUE = Path(fingerprint.__file__).parent / "data" / "catalogue.yaml"
SYNONYMS = {
    "agent": "bot", "model": "system", "robot": "machine", "boat": "vessel", "game": "match", "test": "check",
    "tests": "checks", "score": "points", "learned": "worked", "found": "discovered", "human": "person",
    "instead": "rather", "reward": "payoff", "car": "vehicle", "code": "program", "answers": "replies", "bug": "fault",
    "user": "customer", "users": "customers", "false": "untrue", "wrote": "produced", "made": "built", "told": "asked",
}  # fmt: skip
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeiou"]


def catalogue_texts():
    """(title, text) of each published case that ships."""
    entries = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    return [(entry["title"], entry["observed_behaviour"]) for entry in entries]


def sentences(text):
    return [part for part in re.split(r"(?<=[.;])\s+", text) if part]


def near_duplicate(title, text, random):
    """(title, text) that tell the same: synonyms, words dropped, the title turned, of the text a half or a third of
    its sentences in another order.
    """
    words = reworded(title.split(), 0.8, 0.2, random)
    turn = random.randrange(len(words))
    parts = sentences(text)
    if len(parts) > 1:
        parts = random.sample(parts, max(1, round(len(parts) * random.choice([1 / 2, 1 / 3]))))
    else:
        whole = text.split()
        n = max(8, len(whole) // 2)
        start = random.randrange(max(1, len(whole) - n))
        parts = [" ".join(whole[start : start + n])]
    return " ".join(words[turn:] + words[:turn]), " ".join(reworded(" ".join(parts).split(), 0.6, 0.06, random))


def reworded(words, chance, drop, random):
    kept = [word for word in words if len(word) < 4 or random.random() >= drop]
    return [SYNONYMS.get(w.lower(), w) if random.random() < chance else w for w in kept] or words


def others(n, random):
    """`n` further (title, text): sentences of the catalogue, some words of which come from elsewhere."""
    texts = catalogue_texts()
    known = [word for _, text in texts for word in text.split()]
    told = [sentence for _, text in texts for sentence in sentences(text)]
    for _ in range(n):
        title = varied(random.choice(texts)[0], known, 0.5, random)[:200].ljust(6, ".")
        yield title, " ".join(varied(random.choice(told), known, 0.6, random) for _ in range(random.randint(3, 8)))


def varied(text, known, chance, random):
    """Some words replaced by others: half of them by known ones, half by names nobody has heard of."""
    return " ".join(
        (random.choice(known) if random.random() < 0.5 else made_up(random)) if random.random() < chance else word
        for word in text.split()
    )


def made_up(random):
    return "".join(random.choice(SYLLABLES) for _ in range(random.choice((2, 3, 3, 4))))
