function fail(message: string): never {
  throw new Error(message);
}

fail('nobody catches this');
