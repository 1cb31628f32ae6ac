// Chooses the browser's time zone in an empty select. Old names are added: the server knows them too.
for (const select of document.querySelectorAll("select[data-time-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (select.value || !zone) continue;
  if (![...select.options].some((option) => option.value === zone)) select.add(new Option(zone, zone));
  select.value = zone;
  const help = document.getElementById(`${select.id}_helptext`);
  if (help) help.textContent = select.dataset.timeZone;
}
