// Findings with a photo each, made by the page's own modules past its buttons. `pixels` is the photo's longer side.
async ({ count, pixels = 640 }) => {
  const load = (name) => import(`/static/patrol/${name}.js`);
  const [{ Device }, { Journal }, { Album }, { prepared }] = await Promise.all(
    ["device", "journal", "album", "photo"].map(load),
  );
  const device = await Device.open();
  const [journal, album] = [new Journal(device), new Album(device)];
  const windows = device.snapshot.windows.map(({ window }) => window);
  const canvas = new OffscreenCanvas(pixels, Math.round(pixels * 0.75));
  const brush = canvas.getContext("2d");
  const stroke = (number, line) => {
    brush.fillStyle = `hsl(${(number * 37 + line * 11) % 360} 80% ${20 + ((line * 7) % 60)}%)`;
    brush.fillRect((line * 97 + number * 13) % pixels, (line * 61) % canvas.height, 90, 40);
  };
  await journal.load();
  for (let number = 0; number < count; number += 1) {
    for (let line = 0; line < 120; line += 1) stroke(number, line);
    const photo = await prepared(await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 }));
    const entry = await journal.record("finding", { code: "desk", window: windows[number % windows.length] });
    await album.add(entry.id, photo);
    await journal.amend(entry.id, { photos: [photo.sha256] });
  }
  await journal.load();
};
