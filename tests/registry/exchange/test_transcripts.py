"""Conversations of every common kind become turns; what is no conversation is refused with its place."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.exchange.transcripts import NotATranscript, parse

PERSON = {"role": "user", "text": "Mend it.", "tool_calls": []}
AGENT = {"role": "assistant", "text": "Done.", "tool_calls": []}
CALL = {"name": "bash", "arguments": '{"cmd": "make test"}'}


def refusal(text):
    with pytest.raises(NotATranscript) as refused:
        parse(text if isinstance(text, str) else json.dumps(text))
    return str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        '[{"role": "user", "content": "Mend it."}, {"role": "assistant", "content": "Done."}]',
        '{"messages": [{"role": "user", "content": "Mend it."}, {"role": "assistant", "content": "Done."}]}',
        '{"role": "user", "content": "Mend it."}\n\n{"role": "assistant", "content": "Done."}\n',
        '\ufeff{"conversations": [{"from": "human", "value": "Mend it."}, {"from": "gpt", "value": "Done."}]}',
        '[{"id": 7, "conversations": [{"from": "human", "value": "Mend it."}, {"from": "gpt", "value": "Done."}]}]',
        '[{"type": "human", "content": "Mend it."}, {"type": "ai", "content": [{"type": "text", "text": "Done."}]}]',
        '{"samples": [{"messages": [{"role": "user", "content": "Mend it."}, {"role": "assistant", "content": "Done."}'
        "]}]}",
        '[{"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["Mend it."]}}, '
        '{"author": {"role": "assistant"}, "content": {"parts": ["Done."]}}]',
        "User: Mend it.\nAssistant: Done.",
        "**Human:** Mend it.\n\n**AI:** Done.",
        "## user: Mend it.\r\n\r\n## assistant: Done.\r\n",
        "User:\nMend it.\n\nClaude:\nDone.\n",
    ],
)
def test_common_kinds_of_chat_become_turns(text):
    assert parse(text) == [PERSON, AGENT]


def test_calls_of_tools_and_their_results_in_one_kind():
    messages = [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "1", "type": "function", "function": CALL}],
        },
        {"role": "tool", "tool_call_id": "1", "content": "3 failed"},
    ]

    assert parse(json.dumps(messages)) == [
        {"role": "assistant", "text": "", "tool_calls": [CALL]},
        {"role": "tool", "text": "3 failed", "tool_calls": []},
    ]


def test_calls_of_tools_reasoning_and_results_as_blocks_of_content():
    blocks = [
        {"type": "thinking", "thinking": "The test is in the way."},
        {"type": "text", "text": "I run it."},
        {"type": "tool_use", "id": "1", "name": "bash", "input": {"cmd": "make test"}},
    ]
    results = [
        {"type": "tool_result", "tool_use_id": "1", "content": [{"type": "text", "text": "3 failed"}]},
        {"type": "text", "text": "Go on."},
        {"type": "image", "source": {}},
    ]
    talk = {"system": "Be brief.", "messages": [{"role": "assistant", "content": blocks}]}
    talk["messages"].append({"role": "user", "content": results})

    assert parse(json.dumps(talk)) == [
        {"role": "system", "text": "Be brief.", "tool_calls": []},
        {"role": "reasoning", "text": "The test is in the way.", "tool_calls": []},
        {
            "role": "assistant",
            "text": "I run it.",
            "tool_calls": [{"name": "bash", "arguments": '{"cmd": "make test"}'}],
        },
        {"role": "user", "text": "Go on.\n\n[image: not kept]", "tool_calls": []},
        {"role": "tool", "text": "3 failed", "tool_calls": []},
    ]


def test_an_evaluation_log_names_its_function_in_words():
    messages = [{"role": "assistant", "content": "", "tool_calls": [{"function": "bash", "arguments": {"cmd": "ls"}}]}]

    assert parse(json.dumps({"samples": [{"messages": messages}]})) == [
        {"role": "assistant", "text": "", "tool_calls": [{"name": "bash", "arguments": '{"cmd": "ls"}'}]}
    ]


def test_a_colon_inside_a_message_begins_no_turn():
    assert parse("User: Note: the dose is missing\nwarning: see page 2") == [
        PERSON | {"text": "Note: the dose is missing\nwarning: see page 2"}
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is nothing in it."),
        ("  \n ", "There is nothing in it."),
        ("The agent did it.", "No line says who speaks."),
        ("Before.\nUser: Mend it.", "It does not begin with who speaks."),
        ([PERSON | {"content": "a"}, {"content": "b"}], "Message 2 has no role."),
        ([{"role": "user"}], "Message 1 has no content."),
        ([{"role": 7, "content": "a"}], "Message 1 has no role."),
        (["a"], "Message 1 is no object with a role."),
        ([{"role": "user", "content": 7}], "Message 1 has “content” that is neither text nor a list."),
        ([{"role": "user", "content": [7]}], "Message 1 has a part that is neither text nor an object."),
        ([{"role": "user", "content": "", "tool_calls": [{}]}], "Message 1 calls a tool without a name."),
        ([{"role": "user", "content": " "}], "No message in it says anything."),
        ([], "No message in it says anything."),
        ({"a": 1}, "It has no list of messages."),
        ({"samples": [{}, {}]}, "This log holds 2 samples; paste the messages of one of them."),
        ('{"role": "user", "content": "a"}\n{"content": "b"}', "Message 2 has no role."),
        ('{"role": "user", "content": "a"}\nnonsense', "Line 2 is not JSON: Expecting value, at column 1."),
        ('{"messages": []}\n{"messages": []}', "Line 1 is no single message; paste one conversation."),
        ('[{"role": "user", "content": "a"', "It is not JSON: Expecting ',' delimiter, at character 33."),
        ('[{"role": "user", "role": "tool", "content": "a"}]', "An object in it has “role” twice."),
        ('[{"role": "user", "content": NaN}]', "NaN is no number."),
        ('[{"role": "user", "content": ' + "1" * 5000 + "}]", "A number in it has too many digits."),
        ("[" * 33 + "]" * 33, "It is nested more than 32 deep."),
        ("[" * 1_000_000, "It is nested more than 32 deep."),
        ("User: a\nAssistant: b\x00c", "Line 2 holds a character that cannot be kept (NUL or half a sign)."),
        ('[{"role": "user", "content": "\\u0000"}]', "Turn 1 holds a character that cannot be kept"),
        ('[{"role": "user", "content": "\\ud800"}]', "Turn 1 holds a character that cannot be kept"),
        ("User: " + "a" * 2_000_000, "It has 2,000,006 characters; at most 2,000,000 are kept."),
        ([{"role": "user", "content": "a"}] * 2001, "It has 2,001 messages; at most 2,000 are kept."),
        ("User: a\n" * 2001, "It has 2,001 turns; at most 2,000 are kept."),
    ],
)
def test_what_is_no_transcript_is_refused_with_its_place(text, words):
    assert refusal(text).startswith(words)


@pytest.mark.parametrize(
    "text", ['["' + '\\"' * 900_000, "[" + '"\\' * 900_000, "nobody:" * 280_000, "\n" * 1_900_000 + "x"]
)
def test_hostile_text_is_answered_in_linear_time(text):
    started = time.monotonic()

    with pytest.raises(NotATranscript):
        parse(text)

    assert time.monotonic() - started < 2


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["role", "content", "messages", "text", "type"]), inner)
    ),
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_any_json_is_turned_into_turns_or_refused_in_words(value):
    shapes = {frozenset(turn) for turn in turns_or_none(json.dumps(value))}

    assert shapes <= {frozenset(("role", "text", "tool_calls"))}


def turns_or_none(text):
    try:
        return parse(text)
    except NotATranscript:
        return []
