// What differs between the two states of an audit entry, property by property.

export function differences(before, after) {
  const from = before ?? {};
  const to = after ?? {};
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names
    .filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
    .map((name) => ({ name, before: words(from[name]), after: words(to[name]) }));
}

function words(value) {
  if (value === undefined || value === null) {
    return undefined;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
