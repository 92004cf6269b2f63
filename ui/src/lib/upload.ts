/* Sends a file with progress, which fetch cannot tell. Ending the signal stops it. */
import { Problem } from './http';
import { language, t } from './i18n.svelte';

export interface Uploaded {
  id: string;
  name: string;
  size: number;
}

function refused(request: XMLHttpRequest): Problem {
  try {
    const body = JSON.parse(request.responseText);
    return new Problem(request.status, body.title ?? '', body.detail ?? body.title ?? '', body.errors ?? []);
  } catch {
    return new Problem(request.status, '', t('ui.error.status', { status: request.status }));
  }
}

export function upload(file: File, progress: (sent: number) => void, signal: AbortSignal): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('accept-language', language());
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => (request.status < 300 ? resolve(JSON.parse(request.responseText) as Uploaded) : reject(refused(request)));
    request.onerror = () => reject(new Problem(0, t('ui.error.offline'), t('ui.imports.upload_lost')));
    request.onabort = () => reject(new Problem(0, '', t('ui.imports.upload_cancelled')));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
