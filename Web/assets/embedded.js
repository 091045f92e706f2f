// The embedded verification: sends the question that stands behind # in the address, and tells the host's page what came of it.
const main = document.getElementById("main");
const form = document.getElementById("question");
if (form) {
  const request = window.location.hash.slice(1);
  // The question holds the applicant's number: it stays in no address bar and no history.
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  if (request) {
    form.action = window.location.pathname + window.location.search;
    form.elements.request.value = request;
    form.submit();
  } else {
    document.getElementById("waiting").textContent = "链接里没有核查请求，请从业务系统重新打开。";
  }
}
if (window.parent !== window) {
  const { origin, message } = main.dataset;
  if (origin) {
    window.parent.postMessage(JSON.parse(message), origin);
    const tell = () => window.parent.postMessage({ type: "height", height: document.documentElement.scrollHeight }, origin);
    new ResizeObserver(tell).observe(main);
  }
}
