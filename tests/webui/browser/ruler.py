"""What people with weak eyes or shaking hands need, measured in one loaded page: axe-core, and a ruler at every size.

The size of text, the theme and the screen are style alone, so a page is fetched once in each language and looked at in
all of them. Between its two languages axe sees it on both screens in both themes; each language meets all rules once.
"""

import json

from axe_playwright_python.sync_playwright import Axe

from tests.webui.browser.views import VIEWS

SIZES = ("18", "22", "26", "30")
SMALLEST_TARGET_PX = 59.5
SMALLEST_TEXT_PX = 16.0
ALL_RULES = {"resultTypes": ["violations"]}
COLOURS = ALL_RULES | {"runOnly": ["color-contrast", "scrollable-region-focusable"]}
AXE = {
    "zh": {"desk": ("18", "light", ALL_RULES), "phone": ("18", "dark", COLOURS)},
    "en": {"phone": ("30", "light", ALL_RULES), "desk": ("18", "dark", COLOURS)},
}
DRESS = """([size, theme]) => {
  document.documentElement.dataset.size = size;
  document.documentElement.dataset.theme = theme;
  document.querySelectorAll('details').forEach((one) => { one.open = true });
  // The longest day of the week, whatever day it is.
  document.querySelectorAll('.date').forEach((one) => {
    one.textContent = one.textContent.replace(/(Mon|Tues|Thurs|Fri|Satur|Sun)day/, 'Wednesday');
  });
}"""
MEASURE = """([sizes, smallestTarget, smallestText]) => {
  const root = document.documentElement, box = (one) => one.getBoundingClientRect();
  const named = (one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 20)}`;
  const all = (what) => [...document.querySelectorAll(what)]
    .filter((one) => one.checkVisibility() && box(one).width > 0 && !one.matches('.skip, .skip *'));
  const low = () => all('a, button, summary, select, .text, textarea, .choice label, .tick')
    .filter((one) => box(one).height < smallestTarget)
    .map((one) => `low: ${named(one)}, ${box(one).height} px`);
  const small = () => all('body *')
    .filter((one) => [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .filter((one) => parseFloat(getComputedStyle(one).fontSize) < smallestText)
    .map((one) => `small text: ${named(one)}`);
  const wide = () => all('body *').filter((one) => box(one).right > root.clientWidth + 0.5).slice(-3)
    .map((one) => `${named(one)} to ${box(one).right}`);
  const found = [];
  for (const size of sizes) {
    root.dataset.size = size;
    if (size === sizes[0]) found.push(...low(), ...small());
    if (root.scrollWidth > root.clientWidth) found.push(`${size}: scrolls sideways, ${root.scrollWidth} px: ${wide()}`);
  }
  return found;
}"""
"""Targets and texts at the smallest size, where they are smallest; the width at every size."""


def troubles(page, name, language="zh"):
    """All that is wrong with the page that is open, in words; it is left in the largest text on the other screen."""
    page.evaluate(Axe().axe_script)
    found = []
    for view in sorted(VIEWS, key=lambda view: VIEWS[view] != page.viewport_size):  # what changes is laid out anew
        page.set_viewport_size(VIEWS[view])
        found += _axe(page, f"{name}, {view}", *AXE[language][view])
        told = page.evaluate(MEASURE, [SIZES, SMALLEST_TARGET_PX, SMALLEST_TEXT_PX])
        found += [f"{name}, {view}: {one}" for one in told]
    return found


def _axe(page, name, size, theme, rules):
    page.evaluate(DRESS, [size, theme])
    broken = page.evaluate(f"axe.run({json.dumps(rules)}).then((told) => told.violations)")
    for rule in broken:
        nodes = [f"{node['target']} {node['failureSummary'][:300]}" for node in rule["nodes"][:3]]
        yield f"{name} {size} {theme}: {rule['id']}: {'; '.join(nodes)}"
