// What an operation came to, in one sentence.
import { t, tCode } from '../language/words.js';
import { size } from '../language/format.js';

export function outcomeWords(operation) {
  const { status, kind, result = null, failure } = operation;
  if (status === 'failed' && failure) {
    return [...partsOf(result), tCode('failure', failure.code)].join(' ');
  }
  if (status === 'held') {
    return t('outcome.held');
  }
  if (kind === 'test_connection' && status === 'succeeded') {
    return t('outcome.connected');
  }
  const parts = partsOf(result);
  return parts.length > 0 ? parts.join(' ') : t(`status.${status}`);
}

function partsOf(result) {
  const parts = [];
  if (typeof result?.databases_found === 'number') {
    parts.push(
      t('outcome.databases', {
        count: result.databases_found,
        added: result.databases_added ?? 0,
        deleted: result.databases_deleted ?? 0,
      }),
    );
    if (result.databases_reactivated > 0) {
      parts.push(t('outcome.reactivated', { count: result.databases_reactivated }));
    }
    if (result.databases_filtered > 0) {
      parts.push(t('outcome.filtered', { count: result.databases_filtered }));
    }
  }
  if (typeof result?.saved_count === 'number') {
    parts.push(t('outcome.sizes', { count: result.saved_count, size: size(result.total_size_bytes) }));
    if (result.failed_count > 0) {
      parts.push(t('outcome.sizes-failed', { count: result.failed_count }));
    }
  }
  return parts;
}
