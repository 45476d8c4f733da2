// Names for instance ids in lists that carry the id alone.
import { useEffect, useState } from '../markup.js';
import { get } from '../api.js';

const known = new Map();

export function useInstanceNames(ids = []) {
  const [, redraw] = useState(0);
  const unknown = [...new Set(ids)].filter((id) => !known.has(id));
  useEffect(() => {
    for (const id of unknown) {
      known.set(id, `#${id}`);
      get(`/instances/${id}`).then(
        (instance) => {
          known.set(id, instance.name);
          redraw((n) => n + 1);
        },
        () => {}, // the number stays: a name is a convenience here
      );
    }
  }, [unknown.join()]);
  return (id) => known.get(id) ?? `#${id}`;
}
