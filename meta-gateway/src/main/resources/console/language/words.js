// The words of the console in the reader's language.

export const LANGUAGES = { en: 'English', zh: '中文' };
const REMEMBERED = 'cadastre.language';

let language = 'en';
let dictionary = {};

export function currentLanguage() {
  return language;
}

// For Intl: the reader's own flavour of English where there is one.
export function locale() {
  return language === 'zh' ? 'zh-CN' : navigator.languages.find((tag) => tag.startsWith('en')) || 'en';
}

export function preferredLanguage() {
  const remembered = read();
  if (remembered in LANGUAGES) {
    return remembered;
  }
  return navigator.languages.some((tag) => tag.startsWith('zh')) && !navigator.language.startsWith('en') ? 'zh' : 'en';
}

export async function setLanguage(next) {
  dictionary = (await import(`./${next}.js`)).default;
  language = next;
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
  remember(next);
}

// Fills `{name}` from `values`. An entry with forms ({one, other}) is chosen by `values.count`.
export function t(key, values = {}) {
  let text = dictionary[key];
  if (text === undefined) {
    throw new Error(`no words for ${key} in ${language}`);
  }
  if (typeof text === 'object') {
    text = text[new Intl.PluralRules(locale()).select(values.count)] ?? text.other;
  }
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === 'number' ? value.toLocaleString(locale()) : String(value ?? '');
  });
}

// For codes that the API may extend: the words if there are some, else the code itself.
export function tCode(prefix, code) {
  return `${prefix}.${code}` in dictionary ? t(`${prefix}.${code}`) : code;
}

function read() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // storage can be switched off
  }
}

function remember(value) {
  try {
    localStorage.setItem(REMEMBERED, value);
  } catch {
    // the choice lasts as long as the page
  }
}
