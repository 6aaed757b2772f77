import Foundation
import Pages
import Session

extension Site {
    /// The script that finds names while one types; it holds all it searches, so that it works from a folder of files.
    func searchScript() throws -> String {
        struct Place: Encodable {
            let name: String
            let address: String
            let about: String
        }
        var places: [Place] = []
        for module in tables + library {
            for entry in module.entries {
                let home = module.isLibrary ? "use \(module.name)" : module.name
                places.append(
                    Place(name: entry.name, address: Site.address(of: entry), about: entry.summary.isEmpty ? home : "\(home): \(entry.summary)"))
            }
        }
        for document in documents {
            places.append(Place(name: document.title, address: document.address, about: document.isError ? "an error" : "a page"))
            guard !document.isError else { continue }
            for heading in markdown(at: document.address, document: document).html(document.text).headings where heading.level == 2 {
                places.append(
                    Place(
                        name: heading.text, address: "\(document.address)#\(HTML.address(heading.identifier))", about: document.title))
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = String(decoding: try encoder.encode(places), as: UTF8.self)
        return "const places = \(data);\n" + Site.searching
    }

    private static let searching = """
        (() => {
          const box = document.querySelector(".search"), input = box && box.querySelector("input"), list = box && box.querySelector("ul");
          if (!box) return;
          box.hidden = false;
          let chosen = 0;
          const score = (place, words) => {
            const name = place.name.toLowerCase(), about = place.about.toLowerCase();
            if (name === words) return 0;
            if (name.startsWith(words)) return 1;
            if (name.includes(words)) return 2;
            return words.split(" ").every(word => name.includes(word) || about.includes(word)) ? 3 : -1;
          };
          const mark = () => list.querySelectorAll("a").forEach((link, number) => link.classList.toggle("chosen", number === chosen));
          const show = () => {
            const words = input.value.trim().toLowerCase();
            const found = words === "" ? [] : places.map(place => [score(place, words), place]).filter(pair => pair[0] >= 0);
            found.sort((a, b) => a[0] - b[0] || a[1].name.length - b[1].name.length || (a[1].name < b[1].name ? -1 : 1));
            list.replaceChildren(...found.slice(0, 20).map(([, place]) => {
              const item = document.createElement("li"), link = document.createElement("a"), about = document.createElement("small");
              link.href = input.dataset.root + place.address;
              link.textContent = place.name;
              about.textContent = place.about;
              link.append(about);
              item.append(link);
              return item;
            }));
            chosen = 0;
            mark();
          };
          input.addEventListener("input", show);
          input.addEventListener("keydown", event => {
            const links = list.querySelectorAll("a");
            if (event.key === "Enter" && links[chosen]) location.href = links[chosen].href;
            else if (event.key === "ArrowDown") chosen = Math.min(chosen + 1, links.length - 1);
            else if (event.key === "ArrowUp") chosen = Math.max(chosen - 1, 0);
            else if (event.key === "Escape") { input.value = ""; show(); return; }
            else return;
            event.preventDefault();
            mark();
          });
          document.addEventListener("keydown", event => {
            if (event.key === "/" && document.activeElement !== input) { event.preventDefault(); input.focus(); }
          });
        })();

        """
}
