"""Which of several patterns wins what all of them mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consolidate.model import ObjectId
from consolidate.patterns import FilePattern, ObjectPattern, PatternIndex, narrowest, object_of

pattern = ObjectPattern.parse


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("public.keys", "public.k*"),
        ("public.key_*", "public.k*"),
        ("public.k??s", "public.k*"),
        ("table public.*", "public.*"),
        ("table public.keys", "table *"),
        ("function public.f(text)", "function public.f"),
        ("policy own on public.keys", "policy own"),
    ],
)
def test_a_pattern_is_within_one_that_means_more(narrow: str, wide: str) -> None:
    assert pattern(narrow).within(pattern(wide))
    assert not pattern(wide).within(pattern(narrow))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("public.k*", "public.*s"),
        ("table public.*", "view public.*"),
        ("table public.*", "public.k*"),
    ],
)
def test_neither_of_two_patterns_is_within_the_other(one: str, other: str) -> None:
    assert not pattern(one).within(pattern(other))
    assert not pattern(other).within(pattern(one))


@pytest.mark.parametrize("narrow", ["public.k?", "public.k" + "?" * 9])
def test_what_stands_for_any_text_is_no_number_of_characters(narrow: str) -> None:
    assert pattern(narrow).within(pattern("public.k*"))
    assert not pattern("public.k*").within(pattern(narrow))


@given(
    st.lists(
        st.tuples(st.sampled_from("ab*?"), st.text("ab*?", max_size=3), st.sampled_from("ab?"))
    )
)
def test_what_a_pattern_means_the_one_around_it_means_too(
    parts: list[tuple[str, str, str]],
) -> None:
    """The inner one stands in for the signs of the outer one, and a name for those of the inner."""
    outer = "".join(sign for sign, _, _ in parts)
    inner = "".join({"*": some, "?": one}.get(sign, sign) for sign, some, one in parts)
    name = inner.replace("*", "ba").replace("?", "a")
    assert FilePattern(inner).within(FilePattern(outer))
    assert FilePattern(inner).matches(name)
    assert FilePattern(outer).matches(name)


@given(st.text("ab*?", max_size=4), st.text("ab*?", max_size=4), st.text("ab", max_size=4))
def test_whoever_is_within_means_no_more(one: str, other: str, name: str) -> None:
    inner, outer = FilePattern(one), FilePattern(other)
    assert not (inner.within(outer) and inner.matches(name) and not outer.matches(name))


@given(st.lists(st.sampled_from(["table *", "s.*", "s.a*", "table s.*", "s.a", "table s.a"])))
def test_of_patterns_for_one_object_those_that_mean_least_win(texts: list[str]) -> None:
    ranks = {"table *": 0, "s.*": 1, "s.a*": 2, "table s.*": 2, "s.a": 3, "table s.a": 4}
    best = max(map(ranks.__getitem__, texts), default=0)
    won = narrowest(map(pattern, texts))
    assert {one.text for one in won} == {text for text in texts if ranks[text] == best}


def test_an_index_of_patterns_finds_what_matches_in_the_given_order() -> None:
    texts = ["s.*", "function s.f", "table *", "s.f(text)", "function s.f(text)", "s.g"]
    index = PatternIndex((pattern(text), text) for text in texts)
    found = index.find(ObjectId("function", "s.f(text)"))
    assert [text for _, text in found] == ["s.*", "function s.f", "s.f(text)", "function s.f(text)"]


@pytest.mark.parametrize(
    "name",
    [
        ObjectId("table", "public.a"),
        ObjectId("table constraint", "a_pkey on public.a"),
        ObjectId("materialized view", "public.v"),
        ObjectId("default acl", "for role postgres on tables"),
    ],
)
def test_an_object_is_what_its_text_names(name: ObjectId) -> None:
    assert object_of(str(name)) == name
