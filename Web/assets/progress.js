// Moves the progress page by server-sent events. Without this module the page reloads itself (noscript refresh).
const box = document.getElementById("progress");
if (box && "EventSource" in window) {
  const put = (id, text) => { document.getElementById(id).textContent = text; };
  const shapes = { done: ["●", "已完成"], now: ["◐", "进行中"], later: ["○", "等待"] };
  const source = new EventSource(box.dataset.events);
  let said = "";
  source.addEventListener("progress", (event) => {
    const at = JSON.parse(event.data);
    put("done", at.done);
    put("total", at.total);
    put("remaining", at.remaining);
    document.getElementById("bar").value = at.percent;
    let tone = "done";
    for (const item of box.querySelectorAll(".stage")) {
      const here = item.dataset.stage === at.stage;
      if (here) tone = "now";
      item.className = "stage stage-" + tone;
      item.querySelector(".stage-shape").textContent = shapes[tone][0];
      item.querySelector("small").textContent = shapes[tone][1];
      if (here) {
        tone = "later";
        const label = item.childNodes[1].textContent;
        if (label !== said) { said = label; put("said", "正在" + label); }
      }
    }
  });
  source.addEventListener("end", () => {
    source.close();
    window.location.replace(box.dataset.receipt);
  });
}
