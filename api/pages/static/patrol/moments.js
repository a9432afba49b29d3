// Times as the hall writes them, from this device's own clock.
const pad = (number) => String(number).padStart(2, "0");

export function clockText(date) {
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

export function exactText(date) {
  return `${clockText(date)}:${pad(date.getSeconds())}`;
}

export function dayOf(date) {
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

// ISO 8601 with this device's offset, to the millisecond: 2026-03-13T10:20:00.250+08:00
export function isoText(date) {
  const ahead = -date.getTimezoneOffset();
  const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60];
  const zone = `${ahead < 0 ? "-" : "+"}${pad(hours)}:${pad(minutes)}`;
  return `${dayOf(date)}T${exactText(date)}.${String(date.getMilliseconds()).padStart(3, "0")}${zone}`;
}
