// A form whose answer takes longer than a second says so until the next page is there. Without this script the
// browser's own sign has to do.
const SHOWN_AFTER = 1000;
const GIVEN_UP_AFTER = 30000; // what was asked for may be a file, after which no page comes
const place = document.createElement("p");
place.className = "cp-working";
place.setAttribute("role", "status");
let timers = [];

function stop() {
  timers.forEach(clearTimeout);
  timers = [];
  place.remove();
}

document.addEventListener("submit", (event) => {
  stop();
  const show = () => {
    if (event.defaultPrevented) return; // other scripts send their forms themselves
    place.textContent = "";
    document.body.append(place); // first the place, then its words, or they are not read aloud
    requestAnimationFrame(() => (place.textContent = document.body.dataset.working));
  };
  timers = [setTimeout(show, SHOWN_AFTER), setTimeout(stop, GIVEN_UP_AFTER)];
});
addEventListener("pageshow", stop); // also where the browser brings back a page as it was
