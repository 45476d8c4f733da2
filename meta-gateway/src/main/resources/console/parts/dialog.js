// A modal dialog: the browser keeps the focus inside, Escape closes it, and closing gives the focus back.
import { html, useEffect, useRef } from '../markup.js';
import { t } from '../language/words.js';

export function Dialog({ title, onClose, children, closable = true }) {
  const dialog = useRef();
  useEffect(() => {
    const element = dialog.current;
    element.showModal();
    return () => element.close();
  }, []);
  const cancel = (event) => {
    event.preventDefault();
    if (closable) {
      onClose();
    }
  };
  return html`<dialog ref=${dialog} aria-labelledby="dialog-title" onCancel=${cancel}>
    <h2 id="dialog-title">${title}</h2>
    ${children}
  </dialog>`;
}

export function Confirm({ title, children, action, danger = false, busy = false, onConfirm, onClose }) {
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <div class="dialog-text">${children}</div>
    <div class="buttons end">
      <button type="button" onClick=${onClose}>${t('cancel')}</button>
      <button type="button" class=${danger ? 'danger' : 'primary'} aria-disabled=${busy} onClick=${onConfirm}>
        ${action}
      </button>
    </div>
  <//>`;
}
