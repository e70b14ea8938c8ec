"""Which conversations pass as English, so that they are scored, and which are said to be not covered."""

from __future__ import annotations

import pytest

from doorframe.adapters.languages import language

OTHERS = [
    ["Eu não disse isso, a culpa é toda sua", "Como as coisas são, me diz a verdade"],
    ["a Ana me disse que no domingo as meninas vão", "do jeito que as coisas estão a gente para"],
    ["Jy is so dom, niemand in die groep hou van jou nie", "Dit was nie so nie, jy maak dit op"],
    ["Wat is dit met jou? Dit is in my kop en ek was so bang", "my man is in die hospitaal"],
    ["Das war in der Gruppe so, was will man da machen", "Am Ende bin ich die Dumme, so war das also"],
    ["No me digas eso, a mí no me gusta", "a no ser que me lo digas no me entero"],
    ["Do toho mi nemluv, to je na mně", "To je tvoje vina a ty to víš"],
    ["Det er for meget at du siger det igen", "Han var her for at se om vi har det godt"],
    ["你记错了，从来没有这回事", "大家都觉得你太敏感了", "好吧"],
    ["そんなこと言ってないよ", "気のせいだよ"],
    ["그런 적 없어", "너 예민해"],
    ["Ты всё придумала, дура сумасшедшая"],
    ["هذا لم يحدث أبدا"],
]

ENGLISH = [
    ["lol nah u buggin, ion even kno him fr", "deadass tho"],
    ["aye man whit ye daein, ah didnae say that tae ye", "och away"],
    ["she been trippin", "finna go crazy fr fr no cap"],
    ["wat u mean i nvr sed tht", "ur crazy lol"],
    ["teh meetign is tomorow i thnik", "recieved yuor mesage"],
    ["wah gwaan bredda, mi nah seh dat", "yuh a chat foolishness"],
    ["I dey tell you say na lie, you no fit talk am", "wetin you dey find"],
    ["Hola amiga! I went to the mercado with abuela today", "que bueno, glad you are ok mija"],
    ["привет! anyway as I was saying, nobody remembers it that way"],
    ["𝓎𝑜𝓊 𝒶𝓇𝑒 𝒸𝓇𝒶𝓏𝓎 and nobody in here believes you"],
    ["thx", "np", "gn"],
    ["👍", "19:30"],
]


@pytest.mark.promise("J2")
@pytest.mark.parametrize("said", OTHERS)
def test_another_language_does_not_pass_as_english(said: list[str]) -> None:
    assert language(said) != "en"


@pytest.mark.parametrize("said", ENGLISH)
def test_english_as_people_write_it_is_covered(said: list[str]) -> None:
    assert language(said) == "en"
