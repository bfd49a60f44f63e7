// Filters a report. Without it the report is whole, and the filters stay hidden.

const filters = document.getElementById("filters");
const search = document.getElementById("search");
const attention = document.getElementById("attention");
const shown = document.getElementById("shown");
// A change in full, a row of a table, a step of the timeline: each is shown or hidden as a whole.
const items = [...document.querySelectorAll(".change, .timeline > li, tbody tr")].filter(
  (item) => !item.parentElement.closest(".change, .timeline > li"),
);
const texts = items.map((item) => item.textContent.toLowerCase());

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  items.forEach((item, i) => {
    const isFound = words.every((word) => texts[i].includes(word));
    const isWanted = !attention.checked || item.querySelector(".badge.bad, .badge.warn") !== null;
    item.hidden = !(isFound && isWanted);
    if (!item.hidden) count++;
  });
  const isActive = words.length > 0 || attention.checked;
  if (isActive) for (const more of document.querySelectorAll("details.more")) more.open = true;
  shown.textContent = isActive ? `${count} of ${items.length} entries` : "";
}

filters.hidden = false;
search.addEventListener("input", filter);
attention.addEventListener("change", filter);
