"""Every story there is: the modules of `typologies/` and `hard_negatives/`, and their planting.

They are listed, not registered: a new module with `NAME` and `plant(plan)` is a new story
and no other file changes.
"""

import importlib
import pkgutil
from types import ModuleType

from sample_data import hard_negatives, typologies
from sample_data.actors.programme import Programme
from sample_data.actors.promotions import Promotions
from sample_data.actors.world import World
from sample_data.planting.plan import Plan


def modules() -> list[ModuleType]:
    """Every story module, hard negatives after typologies, each by name."""
    stories: list[ModuleType] = []
    for package in (typologies, hard_negatives):
        names = sorted(info.name for info in pkgutil.iter_modules(package.__path__))
        stories += [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return stories


def plant_all(world: World, programme: Programme, promotions: Promotions) -> Plan:
    """Plant every story into the world."""
    plan = Plan(world, programme, promotions)
    for module in modules():
        module.plant(plan)
    return plan
