// Says something to a screen reader without moving the focus.

let clearing = null;

export function announce(text) {
  const region = document.getElementById('announcements');
  clearTimeout(clearing);
  // Emptied first, so that the same sentence twice is heard twice.
  region.textContent = '';
  requestAnimationFrame(() => {
    region.textContent = text;
  });
  clearing = setTimeout(() => {
    region.textContent = '';
  }, 10000);
}
