"""Conversations as people have them, pasted or as files: chat JSON of the common kinds, or “User: …” in plain text.

All of them become turns: {"role", "text", "tool_calls": [{"name", "arguments"}]}, every value a text.
"""

import json
import re

MOST_TURNS = 2_000
MOST_CHARACTERS = 2_000_000
DEEPEST = 32
LONGEST_ROLE = 40
# JSON up to this length stays on one line.
SHORT = 80
ROLES = {
    **dict.fromkeys(("user", "human", "person", "prompter", "me"), "user"),
    **dict.fromkeys(("assistant", "ai", "gpt", "bot", "model", "agent", "chatgpt", "claude", "chatbot"), "assistant"),
    **dict.fromkeys(("system", "developer"), "system"),
    **dict.fromkeys(("tool", "function", "observation", "tool result", "function_call_output"), "tool"),
    **dict.fromkeys(("reasoning", "thinking", "thought"), "reasoning"),
}
SPEAKER = re.compile(
    r"^[ \t]*(?:\*\*|#{1,4} )?([A-Za-z][A-Za-z _]{0,20}?)(?:\*\*)?[ \t]*:(?:\*\*)?[ \t]*", re.MULTILINE
)
# A string, closed or not, or one bracket; possessive, so that no text makes it try twice.
BRACKETS = re.compile(r'"(?:[^"\\]|\\(?s:.)?)*+(?:"|\Z)|[\[{]|[\]}]')
LISTS = ("messages", "conversation", "conversations", "turns", "history")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
HALF = "holds a character that cannot be kept (NUL or half a sign)."
SHAPES = (
    "Paste a list of messages with “role” and “content”, one JSON message a line, or lines that begin with "
    "“User:” and “Assistant:”."
)


class NotATranscript(ValueError):
    """The text is no transcript. The message says where and why."""


def parse(text):
    """The turns in `text`. Raises NotATranscript with the place and the reason, in words."""
    text = text.removeprefix("\ufeff").strip()
    if not text:
        raise NotATranscript("There is nothing in it.")
    if len(text) > MOST_CHARACTERS:
        raise NotATranscript(f"It has {len(text):,} characters; at most {MOST_CHARACTERS:,} are kept.")
    if found := UNSTORABLE.search(text):
        raise NotATranscript(f"Line {line_of(text, found.start())} {HALF}")
    turns = from_json(text) if text[0] in "[{" else from_lines(text)
    turns = [turn for turn in turns if turn["text"].strip() or turn["tool_calls"]]
    if not turns:
        raise NotATranscript("No message in it says anything.")
    require_bounds(turns)
    return turns


def require_bounds(turns):
    if len(turns) > MOST_TURNS:
        raise NotATranscript(f"It has {len(turns):,} turns; at most {MOST_TURNS:,} are kept.")
    # Escapes in JSON can make what the text itself could not hold.
    for number, turn in enumerate(turns, 1):
        texts = [turn["role"], turn["text"], *(part for call in turn["tool_calls"] for part in call.values())]
        if any(UNSTORABLE.search(text) for text in texts):
            raise NotATranscript(f"Turn {number} {HALF}")


def from_lines(text):
    """“User: …”, “Assistant: …”: a turn begins at each line that names one of the roles."""
    starts = [found for found in SPEAKER.finditer(text) if found[1].strip().lower() in ROLES]
    if not starts:
        raise NotATranscript(f"No line says who speaks. {SHAPES}")
    if starts[0].start() != 0:
        raise NotATranscript(f"It does not begin with who speaks. {SHAPES}")
    ends = [*(found.start() for found in starts[1:]), len(text)]
    return [
        turn(role_of(found[1], ""), text[found.end() : end].strip()) for found, end in zip(starts, ends, strict=True)
    ]


def from_json(text):
    try:
        value = strict(text)
    except json.JSONDecodeError as wrong:
        if "\n" not in text:
            raise NotATranscript(f"It is not JSON: {wrong.msg}, at character {wrong.pos + 1}.") from None
        return from_json_lines(text, wrong)
    return turns_of(messages_in(value))


def from_json_lines(text, wrong):
    """One message a line; what the whole says wrong is told where already the first line is no JSON."""
    messages = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            message = strict(line)
        except json.JSONDecodeError as error:
            if not messages:
                raise NotATranscript(
                    f"It is not JSON: {wrong.msg}, at line {wrong.lineno}, column {wrong.colno}."
                ) from None
            raise NotATranscript(f"Line {number} is not JSON: {error.msg}, at column {error.colno}.") from None
        if not isinstance(message, dict) or any(name in message for name in LISTS):
            raise NotATranscript(f"Line {number} is no single message; paste one conversation.")
        messages.append(message)
    return turns_of(messages)


def strict(text):
    """The JSON value of `text`; deep nesting, repeated keys and numbers that are none are refused."""
    require_shallow(text)
    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise NotATranscript(f"It is nested more than {DEEPEST} deep.") from None
    except NotATranscript:
        raise
    except ValueError:
        raise NotATranscript("A number in it has too many digits.") from None


def require_shallow(text):
    """Count brackets outside of strings, so that nothing deep is ever parsed."""
    depth = 0
    for found in BRACKETS.finditer(text):
        sign = found[0]
        depth += (sign in "[{") - (sign in "]}") if len(sign) == 1 else 0
        if depth > DEEPEST:
            raise NotATranscript(f"It is nested more than {DEEPEST} deep.")


def once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotATranscript(f"An object in it has “{shortened(twice)}” twice.")
    return found


def no_number(name):
    raise NotATranscript(f"{name} is no number.")


def messages_in(value, depth=0):
    """The list of messages in a value of any of the known shapes, with a system prompt that stands beside it."""
    if isinstance(value, list):
        if len(value) == 1 and isinstance(value[0], dict) and any(name in value[0] for name in LISTS) and depth < 4:
            return messages_in(value[0], depth + 1)
        return value
    if not isinstance(value, dict):
        raise NotATranscript(f"It is no list of messages. {SHAPES}")
    if isinstance(samples := value.get("samples"), list):
        if len(samples) != 1:
            raise NotATranscript(f"This log holds {len(samples)} samples; paste the messages of one of them.")
        return messages_in(samples[0], depth + 1)
    for name in LISTS:
        if isinstance(value.get(name), list):
            before = [{"role": "system", "content": value["system"]}] if value.get("system") else []
            return [*before, *value[name]]
    if "role" in value and "content" in value:
        return [value]
    raise NotATranscript(f"It has no list of messages. {SHAPES}")


def turns_of(messages):
    if len(messages) > MOST_TURNS:
        raise NotATranscript(f"It has {len(messages):,} messages; at most {MOST_TURNS:,} are kept.")
    return [turn for number, message in enumerate(messages, 1) for turn in turns_in(message, f"Message {number}")]


def turns_in(message, place):
    """The turns of one message: its words and calls, and after them each result it carries."""
    if not isinstance(message, dict):
        raise NotATranscript(f"{place} is no object with a role.")
    author = message.get("author")
    role = message.get("role") or message.get("from") or message.get("speaker") or message.get("type")
    role = role_of((author.get("role") if isinstance(author, dict) else author) or role, place)
    content = next((message[name] for name in ("content", "value", "text", "parts") if name in message), None)
    calls = [call_of(call, place) for call in several(message.get("tool_calls"), place, "tool_calls")]
    if isinstance(old_call := message.get("function_call"), dict):
        calls.append(call_of(old_call, place))
    if content is None and not calls:
        raise NotATranscript(f"{place} has no content.")
    own, others = parts_of(content, role, place)
    own["tool_calls"] = calls + own["tool_calls"]
    if reasoning := message.get("reasoning_content") or message.get("reasoning"):
        others.insert(0, turn("reasoning", as_text(reasoning)))
    before = [other for other in others if other["role"] == "reasoning"]
    return [*before, own, *(other for other in others if other["role"] != "reasoning")]


def parts_of(content, role, place):
    """(the message's own turn, turns that its parts make of their own: reasoning and results of tools)."""
    texts, calls, others = [], [], []
    if isinstance(content, dict):
        content = content.get("parts", [content])
    for part in [content] if isinstance(content, str) else several(content, place, "content"):
        kind = part.get("type", "") if isinstance(part, dict) else ""
        if isinstance(part, str):
            texts.append(part)
        elif not isinstance(part, dict):
            raise NotATranscript(f"{place} has a part that is neither text nor an object.")
        elif kind in ("tool_use", "tool_call", "function_call"):
            calls.append(call_of(part, place))
        elif kind in ("tool_result", "function_call_output"):
            others.append(turn("tool", result_of(part, place)))
        elif kind in ("thinking", "reasoning"):
            others.append(turn("reasoning", as_text(part.get(kind) or part.get("text") or part.get("summary") or "")))
        elif isinstance(part.get("text"), str):
            texts.append(part["text"])
        else:
            texts.append(f"[{shortened(str(kind or 'part'))}: not kept]")
    return turn(role, "\n\n".join(texts), calls), others


def result_of(part, place):
    content = part.get("content", part.get("output", ""))
    own, _ = parts_of(content, "tool", place)
    return own["text"]


def call_of(call, place):
    """One call of a tool, from any of the shapes it comes in."""
    if not isinstance(call, dict):
        raise NotATranscript(f"{place} calls a tool that is no object.")
    inner = call.get("function") if isinstance(call.get("function"), dict) else call
    name = inner.get("name") or (call["function"] if isinstance(call.get("function"), str) else "")
    if not isinstance(name, str) or not name:
        raise NotATranscript(f"{place} calls a tool without a name.")
    arguments = next((inner[key] for key in ("arguments", "input", "args") if key in inner), "")
    return {"name": shortened(name, 200), "arguments": as_text(arguments)}


def several(value, place, name):
    if value is None:
        return []
    if not isinstance(value, list):
        raise NotATranscript(f"{place} has “{name}” that is neither text nor a list.")
    return value


def role_of(role, place):
    if not isinstance(role, str) or not role.strip():
        raise NotATranscript(f"{place} has no role.")
    role = " ".join(role.split()).lower()
    return ROLES.get(role, role[:LONGEST_ROLE])


def turn(role, text, calls=()):
    return {"role": role, "text": text, "tool_calls": list(calls)}


def as_text(value):
    if isinstance(value, str):
        return value
    line = json.dumps(value, ensure_ascii=False)
    return line if len(line) <= SHORT else json.dumps(value, ensure_ascii=False, indent=1)


def shortened(text, limit=40):
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def line_of(text, position):
    return text.count("\n", 0, position) + 1
