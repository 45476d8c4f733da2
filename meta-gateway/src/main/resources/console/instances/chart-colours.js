// The colours of the page, as a canvas takes them.

// A canvas knows no custom properties, so an element that does is asked.
export function coloursOf(frame) {
  const probe = document.createElement('span');
  frame.append(probe);
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    line: colour('--accent'),
    fill: colour('--chart-fill'),
    fillEnd: colour('--chart-fill-end'),
    limit: colour('--bad'),
    bar: colour('--chart-bar'),
    grid: colour('--line'),
    text: colour('--ink-2'),
    font: `12px ${getComputedStyle(frame).fontFamily}`,
  };
  probe.remove();
  return colours;
}
