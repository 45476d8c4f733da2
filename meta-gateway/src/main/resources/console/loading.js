// Loads what a page shows; what was shown stays until the new is there, so nothing flickers.
import { useCallback, useEffect, useRef, useState } from './markup.js';

export function useLoad(load, keys) {
  const [state, setState] = useState({ loading: true });
  const turn = useRef(0);
  const reload = useCallback(async () => {
    const mine = ++turn.current;
    setState((before) => ({ ...before, loading: true }));
    try {
      const data = await load();
      if (mine === turn.current) {
        setState({ data, loading: false });
      }
    } catch (error) {
      if (mine === turn.current) {
        setState((before) => ({ data: before.data, error, loading: false }));
      }
    }
  }, keys);
  useEffect(() => {
    reload();
    return () => {
      turn.current++;
    };
  }, [reload]);
  return { ...state, reload };
}

// A list that pages by cursor. `page(cursor)` answers {items, next_cursor}; a reload keeps as many rows as were shown.
export function usePages(page, keys) {
  const count = useRef(1);
  useEffect(() => {
    count.current = 1;
  }, keys);
  const list = useLoad(async () => {
    const items = [];
    let cursor;
    for (let i = 0; i < count.current && (i === 0 || cursor); i++) {
      const answer = await page(cursor);
      items.push(...answer.items);
      cursor = answer.next_cursor;
    }
    return { items, more: Boolean(cursor) };
  }, keys);
  const showMore = () => {
    count.current++;
    return list.reload();
  };
  return { ...list, showMore };
}

// Follows a value at a distance, for searches while typing.
export function useDelayed(value, delayMs = 200) {
  const [delayed, setDelayed] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(value), delayMs);
    return () => clearTimeout(timer);
  }, [value]);
  return delayed;
}
