// Server-sent events: something changed on the register, whichever gateway this page talks to.
import { useEffect, useRef } from './markup.js';
import { resume } from './session.js';

const subscribers = new Set();
const stateListeners = new Set();
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30000;

let source = null;
let retryMs = FIRST_RETRY_MS;
let timer = null;
let missed = false;
let connected = true;

export function startLive() {
  stopLive();
  connect();
}

export function stopLive() {
  clearTimeout(timer);
  source?.close();
  source = null;
}

function connect() {
  source = new EventSource('/api/v1/live');
  source.onopen = () => {
    retryMs = FIRST_RETRY_MS;
    setConnected(true);
    if (missed) {
      missed = false;
      publish({ entity: 'everything' });
    }
  };
  source.addEventListener('change', (event) => publish(JSON.parse(event.data)));
  // Events may have been missed: everything is read anew.
  source.addEventListener('refresh', () => publish({ entity: 'everything' }));
  source.onerror = () => {
    missed = true;
    setConnected(false);
    if (source.readyState === EventSource.CLOSED) {
      retryLater();
    }
  };
}

// An EventSource gives up for good on an answer that is no stream: an ended session, a gateway that restarts.
function retryLater() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    try {
      await resume();
    } finally {
      connect();
    }
  }, retryMs);
  retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
}

function publish(change) {
  subscribers.forEach((subscriber) => subscriber(change));
}

function setConnected(now) {
  if (now !== connected) {
    connected = now;
    stateListeners.forEach((listener) => listener(now));
  }
}

export function onConnection(listener) {
  stateListeners.add(listener);
  return () => stateListeners.delete(listener);
}

// Calls `react` at most every `everyMs`, with the latest state in mind: a busy sync sends many events a second.
export function useLive(concerns, react, everyMs = 300) {
  const latest = useRef();
  latest.current = { concerns, react };
  useEffect(() => {
    let pending = null;
    const subscriber = (change) => {
      const relevant = change.entity === 'everything' || latest.current.concerns(change);
      if (relevant && pending === null) {
        pending = setTimeout(() => {
          pending = null;
          latest.current.react();
        }, everyMs);
      }
    };
    subscribers.add(subscriber);
    return () => {
      clearTimeout(pending);
      subscribers.delete(subscriber);
    };
  }, []);
}
