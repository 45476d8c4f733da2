// Registering an instance and changing one. What the API refuses is said at the field it refuses.
import { html, useRef, useState } from '../markup.js';
import { get, patch, post } from '../api.js';
import { go } from '../router.js';
import { useLoad } from '../loading.js';
import { Title } from '../page.js';
import { t } from '../language/words.js';
import { announce } from '../parts/announce.js';
import { focusFirstError } from '../parts/field.js';
import { Loading } from '../parts/small.js';
import { ProblemNotice } from '../parts/notice.js';
import { InstanceFields } from './form-fields.js';
import { blankForm, changesOf, formOf, requestOf, unreadableIn, isShownAtAField } from './form-values.js';

export function NewInstancePage() {
  return html`<${Title} text=${t('instance.new')} />
    <${InstanceForm} start=${blankForm()} save=${(form) => post('/instances', requestOf(form))} back="/instances" isNew />`;
}

export function EditInstancePage({ id }) {
  const { data: instance, error, reload } = useLoad(() => get(`/instances/${id}`), [id]);
  if (!instance) {
    return error ? html`<${ProblemNotice} problem=${error} retry=${reload} />` : html`<${Loading} />`;
  }
  const save = (form) => patch(`/instances/${id}`, changesOf(instance, form), instance.version);
  return html`<${Title} text=${t('instance.edit-title', { name: instance.name })} />
    <${InstanceForm} key=${instance.version} start=${formOf(instance)} save=${save} back=${`/instances/${id}`}
      hasPassword=${instance.has_password} reload=${reload} />`;
}

function InstanceForm({ start, save, back, isNew = false, hasPassword = false, reload }) {
  const [form, setForm] = useState(start);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const element = useRef();

  const refuse = (failed) => {
    setProblem(failed);
    setBusy(false);
    focusFirstError(element.current);
  };
  const submit = async (event) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    const unreadable = unreadableIn(form);
    if (unreadable.length > 0) {
      refuse({ status: 400, errors: unreadable, local: true });
      return;
    }
    setBusy(true);
    try {
      const saved = await save(form);
      announce(t('instance.saved', { name: saved.name }));
      go(`/instances/${saved.id}`);
    } catch (failed) {
      refuse(failed);
    }
  };
  const elsewhere = problem && !(problem.errors.length > 0 && problem.errors.every(isShownAtAField));
  return html`<form ref=${element} class="form" onSubmit=${submit} novalidate>
    ${elsewhere && html`<${ProblemNotice} problem=${problem} retry=${problem.status === 412 ? reload : undefined} />`}
    <${InstanceFields} form=${form} isNew=${isNew} hasPassword=${hasPassword} errors=${problem?.errors || []}
      change=${(changes) => setForm({ ...form, ...changes })} />
    <div class="buttons">
      <button class="primary" aria-disabled=${busy}>${t('save')}</button>
      <a class="button" href=${back}>${t('cancel')}</a>
    </div>
  </form>`;
}
