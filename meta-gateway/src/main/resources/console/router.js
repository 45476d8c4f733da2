// Addresses and pages: history API, links stay ordinary links.

const listeners = new Set();

// `pattern` has `:name` segments; answers the page with its parameters, or null.
export function match(routes, path) {
  const wanted = segments(path);
  for (const [pattern, page] of routes) {
    const parameters = matchOne(segments(pattern), wanted);
    if (parameters) {
      return { page, pattern, parameters };
    }
  }
  return null;
}

function segments(path) {
  return path.split('/').filter(Boolean);
}

function matchOne(pattern, wanted) {
  if (pattern.length !== wanted.length) {
    return null;
  }
  const parameters = {};
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i].startsWith(':')) {
      parameters[pattern[i].slice(1)] = decodeURIComponent(wanted[i]);
    } else if (pattern[i] !== wanted[i]) {
      return null;
    }
  }
  return parameters;
}

export function go(path, { replace = false } = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', path);
  tell();
}

export function query() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

// Changes the query alone: the page stays, the address can be shared, going back leaves the page.
export function setQuery(changes) {
  const parameters = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '' || value === null || value === undefined) {
      parameters.delete(name);
    } else {
      parameters.set(name, value);
    }
  }
  const text = parameters.toString();
  history.replaceState(null, '', location.pathname + (text ? `?${text}` : ''));
  tell();
}

export function onNavigate(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell() {
  listeners.forEach((listener) => listener());
}

export function start() {
  addEventListener('popstate', tell);
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href]');
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented || link.target || link.origin !== location.origin) {
      return;
    }
    if (link.hash && link.pathname === location.pathname) {
      return;
    }
    if (link.pathname.startsWith('/api/')) {
      return;
    }
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
