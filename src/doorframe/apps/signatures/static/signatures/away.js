// A tablet that was handed over: windows of the practice that are still open somewhere behind go to the reader's page,
// and a page that the browser kept in memory is asked for anew.
(() => {
  const reading = document.body.classList.contains("reader");
  const news = "BroadcastChannel" in window ? new BroadcastChannel("doorframe-tablet") : null;
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  if (reading) sessionStorage.clear(); // where the practice's own pages noted which of them was open last
  if (!news) return;
  if (reading) news.postMessage("handed-over");
  else news.addEventListener("message", () => location.replace("/read/turns/"));
})();
