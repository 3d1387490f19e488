/* Sorts and searches the tables whose rows all stand on the page. Without it every row still stands there.
   Nothing is loaded and nothing is kept; the words come from the tag that loads this file. */
(() => {
  const { search, found, decimal, months } = document.currentScript.dataset;
  const names = months.toLowerCase().split(" ").map((name) => name.replace(".", ""));
  const sizes = { k: 1e3, m: 1e6, mln: 1e6, "%": 0.01 };
  const lang = document.documentElement.lang;

  /* What a cell sorts by: a number, a day, or its text; null where it is empty. */
  function key(cell) {
    const text = cell.textContent.trim();
    if (text === "" || text === "\u2013") return null;
    const day = text.toLowerCase().replace(/\./g, "").match(/^(?:(\d{1,2}) )?([a-z]{3,5}) (\d{4})\b/);
    if (day && names.includes(day[2])) return Number(day[3]) * 372 + names.indexOf(day[2]) * 31 + Number(day[1] || 0);
    const plain = text.replace(/\u2212/g, "-").replace(/\s/g, "").replace(decimal === "," ? /\./g : /,/g, "").replace(",", ".");
    const number = plain.match(/^([+-]?)(?:[^\d.+-]{1,3})?(\d+(?:\.\d+)?)(k|mln|m|%)?[a-z]*$/);
    return number ? Number(number[1] + number[2]) * (sizes[number[3]] || 1) : text;
  }

  function compare(a, b) {
    if (a === null || b === null) return (a === null) - (b === null);
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), lang, { numeric: true });
  }

  function sortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const falls = head.classList.contains("n") ? head.getAttribute("aria-sort") !== "descending" : head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falls ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows].map((row) => [key(row.cells[place]), row]);
        rows.sort(([a], [b]) => (a === null || b === null || !falls ? compare(a, b) : compare(b, a)));
        table.tBodies[0].append(...rows.map(([, row]) => row));
      });
    });
  }

  function searchable(table, number) {
    const rows = [...table.tBodies[0].rows];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const box = document.createElement("p");
    const label = document.createElement("label");
    const input = document.createElement("input");
    const said = document.createElement("span");
    box.className = "search";
    label.htmlFor = input.id = `search-${number}`;
    label.textContent = search;
    input.type = "search";
    said.setAttribute("role", "status");
    box.append(label, input, said);
    table.closest(".scroll").before(box);
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      rows.forEach((row, place) => {
        row.hidden = !wanted.every((word) => texts[place].includes(word));
        count += !row.hidden;
      });
      said.textContent = wanted.length ? found.replace("{count}", count).replace("{total}", rows.length) : "";
    });
  }

  document.querySelectorAll("table.whole").forEach((table, number) => {
    if (table.tBodies[0].rows.length > 2) sortable(table);
    if (table.tBodies[0].rows.length > 12) searchable(table, number);
  });
})();
