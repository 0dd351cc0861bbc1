"""One company under its legal forms, in the scripts of its registers; and two companies are two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.member import name_key
from chokepoint.values.company import LONGEST, company_key

SAME = [
    pytest.param("บริษัท กรุงเทพเพย์ จำกัด (มหาชน)", "กรุงเทพเพย์", id="Thai, public"),
    pytest.param("บริษัทกรุงเทพเพย์จำกัด", "กรุงเทพเพย์", id="Thai, without a blank"),
    pytest.param("ห้างหุ้นส่วนจำกัด สมชาย", "สมชาย", id="Thai partnership"),
    pytest.param("شركة النور المحدودة", "النور", id="Arabic, in words"),
    pytest.param("النور ش.م.م", "النور", id="Arabic, in letters"),
    pytest.param("النور ذات مسؤولية محدودة", "النور", id="Arabic, in full"),
    pytest.param("PT Bank Nusantara Tbk", "Bank Nusantara", id="Indonesian"),
    pytest.param("Acme Sdn. Bhd.", "acme", id="Malaysian"),
    pytest.param("ООО «Ромашка»", "Ромашка", id="Russian"),
    pytest.param("株式会社アクメ", "アクメ", id="Japanese, before"),
    pytest.param("アクメ株式会社", "アクメ", id="Japanese, behind"),
    pytest.param("㈱アクメ", "アクメ", id="Japanese, one sign"),
    pytest.param("北京银行股份有限公司", "北京银行", id="Chinese"),
    pytest.param("주식회사 아크미", "아크미", id="Korean"),
    pytest.param("Công ty TNHH Acme", "Acme", id="Vietnamese"),
    pytest.param("Acme Anonim Şirketi", "Acme", id="Turkish, in words"),
    pytest.param("Acme A.Ş.", "Acme", id="Turkish, in letters"),
    pytest.param("Acme S.p.A.", "Acme", id="Italian, with points"),
    pytest.param("Acme S.A.", "Acme", id="French, with points"),
    pytest.param("Acme, L.L.C.", "Acme", id="American, with points"),
    pytest.param("Acme A/S", "Acme", id="Danish, with a stroke"),
    pytest.param("Acme Sp. z o.o.", "Acme", id="Polish"),
    pytest.param("Acme d.o.o.", "Acme", id="Slovenian"),
    pytest.param("Acme GmbH & Co. KG", "Acme", id="German, two in one"),
    pytest.param("Acme Public Company Limited", "Acme", id="English, three words"),
    pytest.param("Acme Private Limited", "Acme", id="Indian"),
    pytest.param("The Acme Holdings PLC", "ACME", id="article and two forms"),
]


@pytest.mark.parametrize(("long", "short"), SAME)
def test_a_company_is_itself_under_its_legal_form(long, short):
    assert company_key(long) == company_key(short) == name_key(short)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Acme", "Acme Nine", id="another word"),
        pytest.param("Acme International", "Acme", id="a word that is no legal form"),
        pytest.param("Cotton On", "Cotton", id="a form's letters in a word"),
        pytest.param("Privates Auge", "Auge", id="the beginning of a form"),
        pytest.param("Coco", "Co", id="twice a form"),
        pytest.param("有賀商店", "賀商店", id="a form's sign in a name"),
        pytest.param("กรุงเทพเพย์", "กรุงเทพเพย", id="a mark that tells Thai words apart"),
        pytest.param("PT", "CV", id="nothing but a form"),
        pytest.param("株式会社", "有限会社", id="nothing but a form's signs"),
    ],
)
def test_two_companies_are_two(one, other):
    assert company_key(one) != company_key(other)


@given(st.text(max_size=LONGEST))
def test_whatever_has_a_name_has_a_key_and_nothing_else_has(name):
    key = company_key(name)
    assert bool(key) == bool(name_key(name))


@given(st.sampled_from(["Acme", "กรุงเทพเพย์", "النور", "アクメ"]), st.integers(0, 12))
def test_legal_forms_may_be_heaped(name, many):
    """One form upon the other is how a chain of holdings is named."""
    assert company_key(f"{name}{' Holding Ltd.' * many}") == company_key(name)


@pytest.mark.parametrize("many", [LONGEST // 4, LONGEST // 4 + 1], ids=["as long as may be", "longer"])
def test_nothing_is_taken_from_what_is_longer_than_any_companys_name(many):
    """It would cost time by the square of its length; 20,000 signs are no matter so."""
    name = " ltd" * many
    assert (company_key(name) == name_key(name)) == (len(name) > LONGEST)
    assert company_key("(" * 20_000) == ""
