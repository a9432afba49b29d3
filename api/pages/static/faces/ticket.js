// The next code when this one is over. Without scripts the page is loaded again by hand.
const shown = document.querySelector(".ticket");
setTimeout(() => location.reload(), Number(shown.dataset.lasts) * 1000);
