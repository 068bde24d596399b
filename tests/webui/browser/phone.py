"""A cheap phone on a thin line, as Chromium plays it: what a page weighs, and when something is to be seen."""

SLOW_LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 // 8,
    "uploadThroughput": 750_000 // 8,
}
"""The "slow 4G" that page speed is commonly measured with: 1.6 Mbit/s, 150 ms there and back."""
SLOWER = 4
"""Times than this machine: a phone of the lower middle."""
PAINTED = """() => new Promise(done => {
  const told = performance.getEntriesByName("first-contentful-paint");
  if (told.length) return done(told[0].startTime);
  new PerformanceObserver((list, observer) => {
    const found = list.getEntriesByName("first-contentful-paint");
    if (found.length) { observer.disconnect(); done(found[0].startTime); }
  }).observe({type: "paint", buffered: true});
})"""


def first_view(page, address, *, is_throttled=True):
    """(bytes that came over the line, milliseconds until the first words were seen) of a browser that knows nothing."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    if is_throttled:
        line.send("Network.emulateNetworkConditions", SLOW_LINE)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    came = []
    line.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
    page.goto(address, wait_until="networkidle" if "today" not in address else "load")
    seen_ms = page.evaluate(PAINTED)
    line.detach()
    return sum(came), seen_ms
