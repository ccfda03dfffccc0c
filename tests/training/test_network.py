from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from lumbargrade.errors import RecipeError
from lumbargrade.training.network import Backbone, Grader

# torchvision.models.resnet50().state_dict() has 320 entries; two of them are fc.*.
TORCHVISION_ENTRIES = {"resnet18": 122 - 2, "resnet34": 218 - 2, "resnet50": 320 - 2}
# torchvision's parameters, less fc, less two of the three input channels of conv1.
TORCHVISION_PARAMETERS = {
    "resnet18": 11_689_512 - 513_000 - 6_272,
    "resnet34": 21_797_672 - 513_000 - 6_272,
    "resnet50": 25_557_032 - 2_049_000 - 6_272,
}


@pytest.mark.parametrize("name", TORCHVISION_ENTRIES)
def test_state_dict_has_torchvisions_size(name: str) -> None:
    backbone = Backbone(name)
    assert len(backbone.state_dict()) == TORCHVISION_ENTRIES[name]
    assert sum(p.numel() for p in backbone.parameters()) == TORCHVISION_PARAMETERS[name]


def test_resnet50_has_torchvisions_names_and_shapes() -> None:
    shapes = {name: tuple(value.shape) for name, value in Backbone("resnet50").state_dict().items()}
    known = {
        "conv1.weight": (64, 1, 7, 7),
        "bn1.running_mean": (64,),
        "bn1.num_batches_tracked": (),
        "layer1.0.conv1.weight": (64, 64, 1, 1),
        "layer1.0.conv3.weight": (256, 64, 1, 1),
        "layer1.0.downsample.0.weight": (256, 64, 1, 1),
        "layer1.0.downsample.1.running_var": (256,),
        "layer2.0.conv2.weight": (128, 128, 3, 3),
        "layer2.3.bn3.bias": (512,),
        "layer3.5.conv3.weight": (1024, 256, 1, 1),
        "layer4.2.bn3.weight": (2048,),
    }
    assert {name: shapes[name] for name in known} == known
    assert "layer1.1.downsample.0.weight" not in shapes


def test_resnet50_strides_on_the_3x3_and_ends_at_4x4() -> None:
    backbone = Backbone("resnet50").eval()
    block = backbone.layer2[0]
    assert block.conv1.stride == (1, 1)
    assert block.conv2.stride == (2, 2)
    with torch.inference_mode():
        assert backbone(torch.zeros(1, 1, 128, 128)).shape == (1, 2048, 4, 4)


def test_last_batch_norm_of_a_block_starts_at_zero() -> None:
    assert not Backbone("resnet50").get_parameter("layer3.2.bn3.weight").any()
    assert not Backbone("resnet18").get_parameter("layer3.1.bn2.weight").any()


def test_grader_has_one_head_per_output() -> None:
    grader = Grader("resnet18", {"LDH": 4, "LNRC_left": 4, "disc": 2}).eval()
    with torch.inference_mode():
        logits = grader(torch.zeros(3, 1, 64, 64))
    assert {name: tuple(v.shape) for name, v in logits.items()} == {
        "LDH": (3, 4),
        "LNRC_left": (3, 4),
        "disc": (3, 2),
    }


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_imagenet_weights_load_by_name(tmp_path: Path, suffix: str) -> None:
    source = Backbone("resnet18")
    state = dict(source.state_dict())
    state["conv1.weight"] = torch.randn(64, 3, 7, 7)
    state["fc.weight"], state["fc.bias"] = torch.zeros(1000, 512), torch.zeros(1000)
    path = tmp_path / f"weights{suffix}"
    if suffix == ".safetensors":
        save_file(state, path)
    else:
        torch.save(state, path)
    target = Backbone("resnet18")
    target.load_imagenet(path)
    torch.testing.assert_close(target.conv1.weight, state["conv1.weight"].sum(1, keepdim=True))
    name = "layer4.0.conv1.weight"
    torch.testing.assert_close(target.get_parameter(name), source.get_parameter(name))


def test_unknown_backbone_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"backbone 'resnet5' is unknown: choose one of resnet18"):
        Backbone("resnet5")


def test_weights_of_another_backbone_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.pth"
    torch.save(Backbone("resnet34").state_dict(), path)
    with pytest.raises(RecipeError, match="does not hold weights of this backbone"):
        Backbone("resnet18").load_imagenet(path)


def test_missing_and_foreign_weight_files_are_refused(tmp_path: Path) -> None:
    backbone = Backbone("resnet18")
    with pytest.raises(RecipeError, match="no such file"):
        backbone.load_imagenet(tmp_path / "absent.pth")
    for name in ("text.pth", "text.safetensors"):
        (tmp_path / name).write_text("not weights", encoding="utf-8")
        with pytest.raises(RecipeError, match="weights"):
            backbone.load_imagenet(tmp_path / name)


def test_maps_are_further_channels_that_imagenet_weights_leave_at_0(tmp_path: Path) -> None:
    source, path = Backbone("resnet18").state_dict(), tmp_path / "w.pt"
    source["conv1.weight"] = source["conv1.weight"].repeat(1, 3, 1, 1)
    torch.save(source, path)
    backbone, plain = Backbone("resnet18", 6).eval(), Backbone("resnet18").eval()
    backbone.load_imagenet(path)
    plain.load_imagenet(path)
    inputs = torch.rand(1, 6, 64, 64)
    torch.testing.assert_close(backbone(inputs), plain(inputs[:, :1]))
    assert Grader("resnet18", {"LDH": 4}, 6).backbone.conv1.in_channels == 6
