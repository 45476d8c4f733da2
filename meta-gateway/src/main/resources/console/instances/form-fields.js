import { html } from '../markup.js';
import { t } from '../language/words.js';
import { AreaField, ChoiceField, Select, TextField } from '../parts/field.js';
import { errorAt, portFor } from './form-values.js';

const TLS_MODES = ['disabled', 'required', 'verify-ca', 'verify-full'];

export function InstanceFields({ form, change, errors, hasPassword, isNew }) {
  const bind = (key, field = key) => ({
    name: field,
    value: form[key],
    onChange: (value) => change({ [key]: value }),
    error: errorAt(errors, field),
  });
  const verifies = form.tlsMode.startsWith('verify');
  return html`
    <fieldset>
      <legend>${t('form.where')}</legend>
      <${TextField} ...${bind('name')} label=${t('instance.name')} hint=${t('form.name-hint')} required autocomplete="off" />
      <${ChoiceField} ...${bind('engine')} label=${t('instance.engine')}
        disabled=${!isNew}
        onChange=${(engine) => change({ engine, port: portFor(form, engine) })}
        options=${[['postgresql', 'PostgreSQL'], ['mysql', t('form.mysql')]]} />
      <div class="side-by-side">
        <${TextField} ...${bind('host')} label=${t('instance.host')} required autocomplete="off" spellcheck="false" />
        <${TextField} ...${bind('port')} label=${t('instance.port')} required inputmode="numeric" autocomplete="off" />
      </div>
    </fieldset>
    <fieldset>
      <legend>${t('form.how')}</legend>
      <${TextField} ...${bind('username')} label=${t('instance.username')} autocomplete="off" spellcheck="false" />
      <${TextField} ...${bind('password')} label=${t('instance.password')} type="password" autocomplete="new-password"
        hint=${hasPassword ? t('form.password-kept') : t('form.password-hint')} />
      <${ChoiceField} ...${bind('tlsMode', 'tls.mode')} label=${t('instance.tls')}
        hint=${t(`tls.${form.tlsMode}.hint`)} options=${TLS_MODES.map((mode) => [mode, t(`tls.${mode}`)])} />
      ${(verifies || errorAt(errors, 'tls.ca_certificate')) &&
      html`<${AreaField} ...${bind('caCertificate', 'tls.ca_certificate')} label=${t('instance.ca')}
        hint=${t('form.ca-hint')} rows="5" class="code" spellcheck="false" />`}
    </fieldset>
    <fieldset>
      <legend>${t('form.what')}</legend>
      <${AreaField} ...${bind('include', 'databases.include')} label=${t('instance.include')} hint=${t('form.include-hint')} rows="2" class="code" spellcheck="false" />
      <${AreaField} ...${bind('exclude', 'databases.exclude')} label=${t('instance.exclude')} hint=${t('form.exclude-hint')} rows="2" class="code" spellcheck="false" />
      <${AreaField} ...${bind('tags')} label=${t('instance.tags')} hint=${t('form.tags-hint')} rows="2" class="code" spellcheck="false" />
      <div class="side-by-side">
        <${TextField} ...${bind('capacity', 'capacity_bytes')} label=${t('instance.capacity')} hint=${t('form.capacity-hint')} inputmode="decimal" autocomplete="off" />
        <div class="field">
          <label for="capacity_unit">${t('form.unit')}</label>
          <${Select} id="capacity_unit" value=${form.capacityUnit} onChange=${(capacityUnit) => change({ capacityUnit })}
            options=${[['GiB', 'GiB'], ['TiB', 'TiB']]} />
        </div>
      </div>
    </fieldset>
  `;
}
