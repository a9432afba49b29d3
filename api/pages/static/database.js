// The browser's own database, with promises. A write is on the disk, not only on its way there, when its promise is kept:
// a tablet may lose its power at any time.
const DURABLE = { durability: "strict" };

function kept(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    // A full disk aborts at the end: the transaction knows why, no single request does.
    transaction.onabort = () => reject(transaction.error ?? new DOMException("", "AbortError"));
  });
}

function upgraded(connection, stores) {
  for (const [name, options] of Object.entries(stores)) {
    if (!connection.objectStoreNames.contains(name)) connection.createObjectStore(name, options);
  }
}

export class Database {
  #connection;

  constructor(connection) {
    this.#connection = connection;
    // A newer page in another tab may want other stores: it must not wait for this one.
    connection.onversionchange = () => connection.close();
  }

  // `stores` are the options of each store by its name; raise `version` with every new store.
  static async open(name, version, stores) {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgraded(request.result, stores);
    return new Database(await kept(request));
  }

  get(store, key) {
    return kept(this.#read(store).get(key));
  }

  all(store) {
    return kept(this.#read(store).getAll());
  }

  keys(store) {
    return kept(this.#read(store).getAllKeys());
  }

  #read(store) {
    return this.#connection.transaction(store).objectStore(store);
  }

  put(store, value, key) {
    return this.write(store, (places) => kept(places[store].put(value, key)));
  }

  remove(store, key) {
    return this.write(store, (places) => kept(places[store].delete(key)));
  }

  // Everything that `work` does to the stores named, or nothing of it; returns what it returns.
  // It may wait for requests of its own (see `kept`) and for nothing else.
  async write(names, work) {
    const transaction = this.#connection.transaction(names, "readwrite", DURABLE);
    const end = ended(transaction);
    const places = Object.fromEntries([names].flat().map((name) => [name, transaction.objectStore(name)]));
    try {
      const result = await work(places);
      await end;
      return result;
    } catch (error) {
      end.catch(() => {});
      if (transaction.error === null) abort(transaction);
      throw transaction.error ?? error;
    }
  }

  close() {
    this.#connection.close();
  }
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
  }
}

export { kept };
