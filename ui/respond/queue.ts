/* What waits on this device: answers that are not sent yet, and the survey itself, in IndexedDB. */

export interface Waiting {
  key: string;
  token: string;
  at: number;
  body: Record<string, unknown>;
  refused?: number; // the status with which the server refused it for good
}

let opened: Promise<IDBDatabase> | undefined;

function base(): Promise<IDBDatabase> {
  return (opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open('cham-kiosk', 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('waiting', { keyPath: 'key' });
      asked.result.createObjectStore('surveys');
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  }));
}

/* Done when it is on the disk, not before. */
async function run<T>(store: string, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await base()).transaction(store, mode, { durability: 'strict' });
  const asked = work(transaction.objectStore(store));
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done(asked.result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
}

export const add = (waiting: Waiting) => run('waiting', 'readwrite', (store) => store.put(waiting));
export const remove = (key: string) => run('waiting', 'readwrite', (store) => store.delete(key));
export async function all(token: string): Promise<Waiting[]> {
  const found = (await run('waiting', 'readonly', (store) => store.getAll())) as Waiting[];
  return found.filter((each) => each.token === token).sort((a, b) => a.at - b.at);
}
export const keep = (token: string, survey: unknown) => run('surveys', 'readwrite', (store) => store.put(survey, token));
export const kept = (token: string) => run('surveys', 'readonly', (store) => store.get(token));
