"""The page in a real browser: it sorts, hides, zooms, and is read without a script."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reported import labelled, simulated, whole

from strag_sim.report import page

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM.is_file() and DRIVER.is_file()),
    reason=f"needs Debian's packages chromium and chromium-driver ({CHROMIUM}, {DRIVER})",
)
LABELS = [str(label) for label in whole().labels]


def kinds(browser: Any) -> list[str]:
    """Return which figures the page has."""
    figures = browser.find_elements("css selector", "figure")
    found = [str(each.get_attribute("id")).removeprefix("figure-") for each in figures]
    assert {"ccdf", "pareto", "attribution", "warm-up"} <= set(found)
    return found


def started(*, scripts: bool = True) -> Any:
    """Return a browser without a window, which keeps what it logs and what it asks for."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    if not scripts:
        settings = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", settings)
    return webdriver.Chrome(options=options, service=Service(str(DRIVER)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return one browser for all tests."""
    driver = started()
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the page of a result with all that can be recorded."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(page(whole()), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def opened(browser: Any, address: str) -> Any:
    """Return the browser with the page just opened, on a wide and light screen."""
    screen(browser, 1280)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.get_log("browser"), browser.get_log("performance")  # of the page before
    browser.get(address)
    return browser


def screen(browser: Any, width: int) -> None:
    """Give the page a screen of this width."""
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def order(browser: Any, section: str = "summary") -> list[str]:
    """Return the policies in the order of a table's rows."""
    script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.dataset.value)"
    return list(browser.execute_script(script, f"#{section} tbody th"))


def head(browser: Any, name: str, section: str = "summary") -> Any:
    """Return the button in the head of a column."""
    buttons = browser.find_elements("css selector", f"#{section} thead button")
    return next(each for each in buttons if each.text.split() and each.text.split()[0] == name)


def sorting(browser: Any, name: str) -> str:
    """Return how the column whose head begins with a name is sorted, as it is read aloud."""
    heads = browser.find_elements("css selector", "#summary thead th")
    return str(next(h for h in heads if name in h.text.split()).get_attribute("aria-sort"))


def view(browser: Any) -> tuple[float, float]:
    """Return where the timeline begins and which share of it is seen, once it is drawn."""
    script = """const [done] = arguments;
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const { from, share } = document.querySelector(".gantt").dataset;
        done([Number(from), Number(share)]); }));"""
    begin, share = browser.execute_async_script(script)
    return begin, share


def test_nothing_is_logged_and_nothing_asked_for(opened, address):
    """No error, no warning, no request but for the page itself."""
    assert opened.get_log("browser") == []
    messages = [json.loads(each["message"])["message"] for each in opened.get_log("performance")]
    asked = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    assert set(asked) == {address}


def test_figures_are_drawn(opened):
    """Each has a size, and so has the curve or bar of each policy in it."""
    for kind in kinds(opened):
        svg = opened.find_element("css selector", f"#figure-{kind} svg.drawn")
        assert svg.size["width"] > 200
        assert svg.size["height"] > 100
        for number in range(3):
            script = """return [...document.querySelectorAll(arguments[0])]
              .map((e) => e.getBoundingClientRect()).some((b) => b.width + b.height > 4)"""
            assert opened.execute_script(script, f"#figure-{kind} .policy-{number}"), kind


def test_columns_sort_by_click_in_both_directions(opened):
    """By the number, not by its text; what is no number stays last."""
    summary = whole().summary()
    rising = list(summary.sort_values("p99")["label"])

    head(opened, "p99").click()
    assert order(opened) == rising
    head(opened, "p99").click()
    assert order(opened) == rising[::-1]
    head(opened, "policy").click()
    assert order(opened) == sorted(LABELS)
    assert sorting(opened, "p99") == "none"


def test_columns_sort_by_keyboard(opened):
    """Enter and the space bar press the head that has the focus, and how it sorts is told."""
    from selenium.webdriver.common.keys import Keys

    rising = list(whole().summary().sort_values("cost")["label"])
    button = head(opened, "cost")

    button.send_keys(Keys.ENTER)
    assert (order(opened), sorting(opened, "cost")) == (rising, "ascending")
    button.send_keys(Keys.SPACE)
    assert (order(opened), sorting(opened, "cost")) == (rising[::-1], "descending")


def test_rows_without_a_number_come_last_either_way(browser, tmp_path):
    """An unstable policy has no p99."""
    arrivals = {"kind": "poisson", "rate": 170}
    result = simulated(arrivals=arrivals, requests=10_000, warm_up=0, runs=2)
    path = tmp_path / "report.html"
    path.write_text(page(result), encoding="utf-8")
    browser.get(path.as_uri())

    (unstable,) = result.summary()["label"][result.summary()["p99"].isna()]
    for _ in range(2):
        head(browser, "p99").click()
        assert order(browser)[-1] == unstable


def test_a_policy_is_hidden_everywhere_at_once(opened):
    """Its rows, and what is drawn of it in each figure; and is there again."""
    shown = """return [...document.querySelectorAll('.policy-1')]
      .filter((e) => e.getClientRects().length).map((e) => e.closest('section, figure').id)"""
    before = opened.execute_script(shown)
    parts = {
        "summary",
        "comparison",
        "attribution",
        "timeline",
        *(f"figure-{k}" for k in kinds(opened)),
    }
    assert parts <= set(before)

    box = opened.find_element("css selector", ".chip[data-policy='1'] input")
    box.click()
    assert opened.execute_script(shown) == []
    others = opened.execute_script(shown.replace("policy-1", "policy-2"))
    assert parts <= set(others)
    box.send_keys(" ")
    assert opened.execute_script(shown) == before


def test_the_timeline_goes_on_to_a_policy_that_is_shown(opened):
    """Where the one that is seen is hidden."""
    pressed = "return document.querySelector('.tabs [aria-pressed=true]').textContent"
    assert opened.execute_script(pressed) == LABELS[0]

    opened.find_element("css selector", ".chip[data-policy='0'] input").click()

    assert opened.execute_script(pressed) == LABELS[1]


def test_the_timeline_zooms_and_moves(opened):
    """By wheel, drag, keyboard and buttons."""
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.actions.wheel_input import ScrollOrigin

    frame = opened.find_element("css selector", ".gantt")
    opened.execute_script("arguments[0].scrollIntoView({ block: 'center' })", frame)
    _, first = view(opened)
    origin = ScrollOrigin.from_element(frame)
    ActionChains(opened).scroll_from_origin(origin, 0, -200).perform()
    begin, closer = view(opened)
    assert closer < first
    assert begin > 0
    ActionChains(opened).drag_and_drop_by_offset(frame, -150, 0).perform()
    moved, same = view(opened)
    assert moved > begin
    assert same == closer
    frame.send_keys("+")
    assert view(opened)[1] == pytest.approx(closer / 2)
    frame.send_keys("0")
    assert view(opened) == (0, 1)
    opened.find_element("css selector", "[data-zoom=in]").click()
    assert view(opened) == (0.25, 0.5)
    opened.find_element("css selector", "[data-zoom=right]").click()
    assert view(opened) == (0.375, 0.5)


def test_tasks_are_told_apart_and_read_out(opened):
    """Own, redundant and stopped tasks have other looks, not only other colours."""
    opened.find_element("css selector", ".tabs [data-policy='1']").click()
    opened.find_element("css selector", "[data-zoom=all]").click()
    view(opened)
    look = """const style = getComputedStyle(document.querySelector(`.tasks .${arguments[0]}`));
      return [style.fill, style.strokeDasharray]"""

    looks = {kind: opened.execute_script(look, kind) for kind in ("own", "redundant", "cancelled")}

    assert "url" in looks["redundant"][0]
    assert looks["cancelled"][0] == "none"
    assert looks["cancelled"][1] != "none"
    assert looks["own"][0].startswith("rgb")
    read = """const task = document.querySelector('.tasks .redundant');
      task.dispatchEvent(new PointerEvent('pointermove', { bubbles: true }));
      return document.getElementById('task').textContent"""
    assert "copy" in opened.execute_script(read)


def test_curves_are_read_out_by_keyboard(opened):
    """The arrow keys go along a curve; what is told lies on it."""
    drawing = opened.find_element("css selector", "#figure-ccdf .drawing")
    for _ in range(4):
        drawing.send_keys("\ue014")  # right
    told = opened.find_element("css selector", "#figure-ccdf .readout").text

    assert told.startswith(f"{LABELS[0]} — response time t (ms): ")
    time, share = (float(part.rpartition(": ")[2]) for part in told.split(";"))
    tail = whole().tail()
    tail = tail[(tail["label"] == LABELS[0]) & (tail["response"] <= 1e-3 * time * 1.01)]
    assert share == pytest.approx(tail["ccdf"].iloc[-1], rel=0.05)


def test_dark_where_the_reader_has_it_dark(opened):
    """Ground and ink change places, in figures too."""
    colours = """return ['body', '#figure-ccdf text'].map((of, place) =>
      getComputedStyle(document.querySelector(of))[place ? 'fill' : 'backgroundColor'])
      .map((c) => c.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0))"""
    ground, ink = opened.execute_script(colours)
    assert ground > 600
    assert ink < 200
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)

    ground, ink = opened.execute_script(colours)

    assert ground < 100
    assert ink > 500


@pytest.mark.parametrize("hard", [False, True])
def test_a_phone_scrolls_in_boxes_only(opened, tmp_path, hard):
    """At 360 pixels no part is wider than the page, long labels or not."""
    if hard:
        path = tmp_path / "report.html"
        path.write_text(page(simulated("tasks", policies=labelled())), encoding="utf-8")
        opened.get(path.as_uri())
    screen(opened, 360)

    wide = "return document.documentElement.scrollWidth"

    assert opened.execute_script(wide) == 360
    assert opened.get_log("browser") == []
    box = "const box = document.querySelector('.box'); return box.scrollWidth > box.clientWidth"
    assert opened.execute_script(box)


def test_without_a_script_the_essentials_are_there(address):
    """Table, figures and the first tasks; no control that would do nothing."""
    plain = started(scripts=False)
    try:
        plain.get(address)
        seen = plain.find_element("css selector", "body").text
        for label in LABELS:
            assert label in seen
        for selector in (*(f"#figure-{kind} svg" for kind in kinds(plain)), ".gantt rect.own"):
            assert plain.find_element("css selector", selector).size["width"] > 0
        assert not plain.find_elements("css selector", "thead button, .chip input")
        controls = plain.find_elements("css selector", "button, input, output")
        assert not [each for each in controls if each.is_displayed()]
    finally:
        plain.quit()
