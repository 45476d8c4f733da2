// The one place that names the vendored renderer: everything else imports from here.
export {
  html,
  render,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from './vendor/htm-preact-3.1.1/standalone.module.js';

// Class names of which some depend on a condition.
export function classes(...names) {
  return names.filter(Boolean).join(' ');
}
