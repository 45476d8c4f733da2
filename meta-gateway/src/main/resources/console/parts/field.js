// Form fields with their label, hint and the API's complaint about them.
import { html } from '../markup.js';
import { t } from '../language/words.js';

// `id` where a page has several fields of one name.
export function Field({ name, id = name, label, hint, error, children }) {
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const control = { id, name, 'aria-describedby': describedBy || undefined, 'aria-invalid': error ? 'true' : undefined };
  return html`<div class=${error ? 'field wrong' : 'field'}>
    <label for=${id}>${label}</label>
    ${children(control)}
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${error && html`<p class="field-error" id=${`${id}-error`}>${fieldMessage(error)}</p>`}
  </div>`;
}

export function TextField({ name, id, label, hint, error, value, onChange, ...rest }) {
  return html`<${Field} ...${{ name, id, label, hint, error }}>
    ${(control) =>
      html`<input ...${control} ...${rest} value=${value} onInput=${(event) => onChange(event.target.value)} />`}
  <//>`;
}

export function AreaField({ name, id, label, hint, error, value, onChange, ...rest }) {
  return html`<${Field} ...${{ name, id, label, hint, error }}>
    ${(control) =>
      html`<textarea ...${control} ...${rest} value=${value} onInput=${(event) => onChange(event.target.value)} />`}
  <//>`;
}

export function ChoiceField({ name, id, label, hint, error, value, onChange, options, ...rest }) {
  return html`<${Field} ...${{ name, id, label, hint, error }}>
    ${(control) => html`<${Select} ...${{ ...control, ...rest, value, onChange, options }} />`}
  <//>`;
}

// `options` are [value, words] pairs.
export function Select({ value, onChange, options, ...rest }) {
  return html`<select ...${rest} onChange=${(event) => onChange(event.target.value)}>
    ${options.map(([key, words]) => html`<option value=${key} selected=${key === value}>${words}</option>`)}
  </select>`;
}

export function fieldMessage({ value, allowed, text }) {
  if (text) {
    return text;
  }
  const empty = value === null || value === undefined || value === '';
  return empty ? t('problem.missing', { allowed }) : t('problem.allowed', { value: String(value), allowed: String(allowed) });
}

// Puts the focus where the first complaint is, so that it is seen and read out.
export function focusFirstError(form) {
  requestAnimationFrame(() => form?.querySelector('[aria-invalid="true"]')?.focus());
}
